"""`docs/` to a checked `Library`, every mistake with its path and line."""
