"""Any note to findings: what it says, and which tips it follows. Knows no site."""
