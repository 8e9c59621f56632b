"""Jobs are sent by name, and only once what they are about is committed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from celery import current_app
from django.db import DatabaseError, transaction
from kombu.exceptions import KombuError

logger = logging.getLogger(__name__)

#: A broker that is down is given up after a few seconds: nobody waits for it at a page.
_RETRY = {"max_retries": 2, "interval_start": 0.1, "interval_step": 0.3, "interval_max": 0.5}


def enqueue(name: str, *, on_failure: Callable[[], object] | None = None, **kwargs: Any) -> None:
    """Send the job `name` when the present transaction commits.

    What was committed stays when no broker answers: that is logged, and `on_failure` is called.
    """
    transaction.on_commit(lambda: _send(name, kwargs, on_failure))


def _send(name: str, kwargs: dict[str, Any], on_failure: Callable[[], object] | None) -> None:
    try:
        current_app.send_task(name, kwargs=kwargs, retry=True, retry_policy=_RETRY)
    except (KombuError, OSError, RuntimeError, DatabaseError) as error:
        # A refused connection is an OSError; the embedded broker's own trouble a ServiceError.
        logger.error("job_not_sent", extra={"job": name, "error": type(error).__name__})
        if on_failure:
            on_failure()
