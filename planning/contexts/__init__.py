"""Data of the planning pages, ready for templates: words, links, cells."""
