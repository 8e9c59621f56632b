"""Rotations, transfers and secondments, and the rules that judge them."""
