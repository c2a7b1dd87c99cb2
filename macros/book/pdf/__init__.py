"""A PDF, finished: fields filled in once, tags and artifacts as PDF/UA asks."""
