"""Files that people take away: one file an official form or list."""
