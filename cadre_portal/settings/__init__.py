"""Settings: `base` is safe for production, `local` and `test` loosen it."""
