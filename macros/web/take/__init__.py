"""The guide in the forms that other programs take."""
