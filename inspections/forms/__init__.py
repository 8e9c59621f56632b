"""Shapes of what people enter in inspections."""
