"""Forms of rotation."""
