"""Pages: access, one selector or service, one template."""
