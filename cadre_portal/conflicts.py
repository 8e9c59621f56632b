"""Two people write at once and PostgreSQL stops one of them: tried again, else said plainly.

A service is one transaction, so that an attempt that was stopped has left nothing, and the same
request can simply be answered again.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import structlog
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

logger = structlog.get_logger("cadre_portal.conflicts")

#: PostgreSQL's codes for what another transaction alone is to blame for: serialization, deadlock.
_OF_OTHERS = frozenset({"40001", "40P01"})
#: Longest wait before each further attempt, in seconds; drawn, so that two do not meet again.
_PAUSES = (0.1, 0.4)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
#: Pages whose forms hold secrets: nothing of them is written into another page.
_OWN_ACCOUNT = "tai-khoan/"


class ConflictMiddleware:
    """Answers a request again whose transaction was stopped for the sake of another one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next step of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Try again where that can help; what was typed comes back with a button where not."""
        match = request.resolver_match
        if match is None or request.method in _SAFE or not is_conflict(exception):
            return None
        for attempt, pause in enumerate(_PAUSES, start=1):
            if not _rewound(request):
                break
            logger.warning("conflict_retried", view=match.view_name, attempt=attempt)
            time.sleep(random.uniform(pause / 4, pause))  # noqa: S311 - nothing secret
            try:
                return match.func(request, *match.args, **match.kwargs)
            except OperationalError as error:
                if not is_conflict(error):
                    raise
        logger.error("conflict_left", view=match.view_name)
        return _ask_again(request)


def is_conflict(error: BaseException) -> bool:
    """Whether PostgreSQL stopped a transaction only because of another one."""
    code = getattr(error.__cause__, "pgcode", None)
    return isinstance(error, OperationalError) and code in _OF_OTHERS


def _rewound(request: HttpRequest) -> bool:
    """Whether uploaded files can be read from their beginning once more."""
    files = [file for _name, found in request.FILES.lists() for file in found]
    if any(file.closed for file in files):
        return False
    for file in files:
        file.seek(0)
    return True


def _ask_again(request: HttpRequest) -> HttpResponse:
    match = request.resolver_match
    is_secret = match is not None and match.route.startswith(_OWN_ACCOUNT)
    typed = [] if is_secret else list(request.POST.lists())
    context = {
        "address": request.get_full_path(),
        "typed": [
            (name, value)
            for name, values in typed
            if name != "csrfmiddlewaretoken"
            for value in values
        ],
        "has_files": bool(request.FILES),
        "is_secret": is_secret,
    }
    response = render(request, "portal/conflict.html", context, status=503)
    response.headers["Retry-After"] = "1"
    return response
