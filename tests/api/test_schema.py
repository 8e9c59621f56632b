"""The schema says what the API does: every operation is asked with values made up from it."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from cadre_portal.wsgi import application
from cadres.models import User
from tests.cast import Organisation

Browser = Callable[[User], Client]
SCHEMA = "/api/v1/schema/"
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


def test_the_schema_names_every_list(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    schema = signed_in(unit_officer).get(SCHEMA).json()
    assert schema["openapi"].startswith("3.")
    assert set(schema["paths"]) == {
        f"/api/v1/{name}/{one}"
        for name, ones in {
            "cadres": ("", "{code}/"),
            "findings": ("",),
            "nominations": ("",),
            "plans": ("", "{id}/"),
            "terms": ("", "{code}/"),
            "titles": ("", "{code}/"),
            "units": ("", "{code}/"),
        }.items()
        for one in ones
    }
    for operations in schema["paths"].values():
        assert set(operations) == {"get"}
    sensitive = schema["components"]["schemas"]["CadreFile"]
    assert {"ethnicity_code", "disciplines"} & set(sensitive["required"]) == set()


@pytest.mark.parametrize("role", ["unit_officer", "auditor"])
def test_answers_keep_to_the_schema(
    role: str, organisation: Organisation, cast: dict[str, User], signed_in: Browser
) -> None:
    client = signed_in(cast[role])
    schema = schemathesis.openapi.from_dict(client.get(SCHEMA).json())
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    answered: Counter[int] = Counter()
    with one_connection():
        for found in schema.get_all_operations():
            _ask(found.ok(), cookies, answered)
    # Values made up are mostly refused; without any answer the schema of answers went unasked.
    assert answered[200] >= 20, answered
    assert 401 not in answered


@contextmanager
def one_connection() -> Iterator[None]:
    """A served request ends by closing the connection; here it is that of the test."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def _ask(operation: Any, cookies: str, answered: Counter[int]) -> None:
    def served(environ: Any, start: Any) -> Any:
        return application({**environ, "HTTP_COOKIE": cookies}, start)

    @settings(
        max_examples=8,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        response = case.call(app=served, base_url="http://testserver")
        answered[response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    ask()
