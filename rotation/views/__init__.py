"""Pages of rotation."""
