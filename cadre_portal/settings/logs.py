"""The logging dictionary: one line a record, JSON in production, plain text locally."""

from typing import Any


def logging_configuration(*, level: str, json: bool) -> dict[str, Any]:
    """Return Django's `LOGGING`: everything goes to standard error, formatted by structlog."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"()": "cadre_portal.logs.formatter", "json": json},
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "line"},
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # The server's own lines; ours (cadre_portal.request) carry no query string.
            "django.server": {"handlers": ["stderr"], "level": level, "propagate": False},
            "django.request": {"level": "ERROR"},
            "axes": {"level": "ERROR"},
            "fontTools": {"level": "WARNING"},
        },
    }
