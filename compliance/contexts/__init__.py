"""Data made ready for the templates of the check."""
