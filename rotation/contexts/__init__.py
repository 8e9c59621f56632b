"""Data of rotations ready for templates."""
