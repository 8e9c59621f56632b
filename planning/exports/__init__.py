"""What planning pages give away as files."""
