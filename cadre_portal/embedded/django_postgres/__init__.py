"""Django database engine that starts the embedded PostgreSQL at the first connection."""
