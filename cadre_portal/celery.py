"""The Celery application: `celery -A cadre_portal worker`."""

import os
from typing import Any

from celery import Celery
from kombu import Connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cadre_portal.settings.local")


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

    def _ensure_broker(self) -> None:
        from django.conf import settings

        if settings.EMBEDDED_VALKEY:
            from cadre_portal.embedded.services import embedded_valkey

            embedded_valkey().ensure_running()


app = PortalCelery("cadre_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
