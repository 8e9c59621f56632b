"""Data ready for templates: words, links and rows; nothing is decided or written here."""
