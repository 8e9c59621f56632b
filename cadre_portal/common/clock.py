"""The one place that asks for the time.

Everything else takes a date or calls these two functions, so that a test, a demo or a
command can look at the portal on another day.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

_frozen_now: ContextVar[dt.datetime | None] = ContextVar("frozen_now", default=None)


def now() -> dt.datetime:
    """Return the present moment, aware, in the portal's time zone."""
    return (_frozen_now.get() or timezone.now()).astimezone(timezone.get_default_timezone())


def today() -> dt.date:
    """Return the present day in the portal's time zone (Asia/Ho_Chi_Minh)."""
    return now().date()


@contextmanager
def frozen(moment: dt.date | dt.datetime) -> Iterator[None]:
    """Make `now()` and `today()` answer `moment` inside the block (this thread only).

    A plain date means noon of that day; a naive datetime is read in the current time zone.
    """
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time(12))
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    token = _frozen_now.set(moment)
    try:
        yield
    finally:
        _frozen_now.reset(token)
