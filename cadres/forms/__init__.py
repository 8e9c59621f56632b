"""Shape of what people type or choose."""
