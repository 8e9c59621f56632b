"""Cadre Portal: settings, URLs, Celery application, embedded services and the page shell."""

import gc

# Importing makes a million objects that stay, and a page many that go by themselves; at Python's
# own threshold (700) a fifth of the time of either goes into looking for garbage among them.
gc.set_threshold(50_000)

from cadre_portal.celery import app as celery_app  # noqa: E402

__all__ = ["celery_app"]
