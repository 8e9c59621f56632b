"""Jobs that exist only for tests; the workers of tests/support/workers.py know them."""

import time

from django.contrib.auth import get_user_model

from cadre_portal.celery import app


@app.task(name="tests.count_users")
def count_users(note: str = "") -> None:
    """Write into the worker's log how many users its database has."""
    print(f"{note}: users={get_user_model().objects.count()}", flush=True)


@app.task(name="tests.sleep")
def sleep(seconds: float) -> None:
    """Do nothing for a while."""
    time.sleep(seconds)
