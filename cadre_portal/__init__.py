"""Cadre Portal: settings, URLs, Celery application, embedded services and the page shell."""

from cadre_portal.celery import app as celery_app

__all__ = ["celery_app"]
