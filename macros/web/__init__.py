"""A `Library` to HTML and downloads."""
