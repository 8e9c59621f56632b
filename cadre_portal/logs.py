"""Structured logs without personal data.

A record says what happened, to which request and how long it took. It never carries a
query string (people search by name), a form value, a login name or an address of a person.
"""

import logging
import logging.config
import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

logger = structlog.get_logger("cadre_portal.request")

#: Fields that must never be written, whoever passes them.
PERSONAL_FIELDS = frozenset(
    {
        "address",
        "birth_date",
        "credentials",
        "email",
        "full_name",
        "ip",
        "ip_address",
        "name",
        "password",
        "phone",
        "query",
        "username",
    }
)


def drop_personal_fields(
    _logger: Any, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Replace the value of a personal field, so that a careless call cannot leak it."""
    for key in PERSONAL_FIELDS & event.keys():
        event[key] = "[không ghi]"
    return event


def _shared_processors() -> list[structlog.typing.Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        drop_personal_fields,
    ]


def formatter(*, json: bool) -> logging.Formatter:
    """Return the formatter for both structlog's and the standard library's records."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared_processors(),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            renderer,
        ],
    )


def configure(configuration: dict[str, Any]) -> None:
    """Set up the standard library's logging and structlog on top of it (`LOGGING_CONFIG`)."""
    logging.config.dictConfig(configuration)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared_processors(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


class RequestLogMiddleware:
    """Give every request a number and write one line about it, without its query string."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next step of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request and log route, status, duration and the account's number."""
        started = time.perf_counter()
        request_id = uuid.uuid4().hex[:16]
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            match = request.resolver_match
            logger.info(
                "request",
                method=request.method,
                route=match.view_name if match else None,
                status=response.status_code,
                ms=round((time.perf_counter() - started) * 1000),
                user_id=getattr(request.user, "pk", None) if hasattr(request, "user") else None,
            )
        response["X-Request-ID"] = request_id
        return response
