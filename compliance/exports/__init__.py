"""Sheets that people take away: one file an official form, and the one writer of them."""
