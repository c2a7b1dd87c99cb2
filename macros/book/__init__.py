"""A `Library` and its pages to the handbook: PDFs, and one page of the site."""
