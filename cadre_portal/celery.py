"""The Celery application: `celery -A cadre_portal worker`."""

import os
import sys
from pathlib import Path
from typing import Any

from celery import Celery
from celery.result import AsyncResult
from celery.signals import setup_logging
from kombu import Connection


def default_settings(program: str) -> str:
    """Return the settings for a program that names none.

    This module is imported with the package, hence before `wsgi.py`: only Celery's own
    command line gets the local settings, everything else the safe ones. `manage.py`
    chooses before it imports anything.
    """
    path = Path(program)
    celery = path.stem == "celery" or path.parent.name == "celery"  # `celery`, `python -m celery`
    return "cadre_portal.settings.local" if celery else "cadre_portal.settings.base"


os.environ.setdefault("DJANGO_SETTINGS_MODULE", default_settings(sys.argv[0]))


class PortalCelery(Celery):
    """Celery that starts the embedded Valkey whenever a connection to it is about to be made.

    With `CELERY_BROKER_URL` set, this is plain Celery.
    """

    def connection_for_read(self, url: str | None = None, **kwargs: Any) -> Connection:
        """Return a connection for consuming (workers; also after each lost connection)."""
        self._ensure_broker()
        return super().connection_for_read(url, **kwargs)

    def connection_for_write(self, url: str | None = None, **kwargs: Any) -> Connection:
        """Return a connection for sending jobs."""
        self._ensure_broker()
        return super().connection_for_write(url, **kwargs)

    def send_task(self, *args: Any, **kwargs: Any) -> AsyncResult:
        """Send a job; connections are pooled, so the server may have gone since the last one."""
        self._ensure_broker()
        return super().send_task(*args, **kwargs)

    def _ensure_broker(self) -> None:
        from django.conf import settings

        if settings.EMBEDDED_VALKEY:
            from cadre_portal.embedded.services import embedded_valkey

            embedded_valkey().ensure_running()


app = PortalCelery("cadre_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _keep_portal_logging(**_kwargs: Any) -> None:
    """Tell Celery to leave logging alone: Django's `LOGGING` already holds for workers."""
