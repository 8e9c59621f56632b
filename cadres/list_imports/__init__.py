"""Parts of bringing an office's list into the files: who is meant, what is named, what is kept."""
