"""What rotation pages give away as files."""
