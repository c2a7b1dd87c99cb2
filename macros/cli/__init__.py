"""The command `follow-up`."""
