"""Sheets of inspections to take away."""
