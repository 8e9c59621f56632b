"""Helpers that every room may use; they import nothing of ours."""
