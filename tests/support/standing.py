"""Rows that stand in the database while one test after another begins with them.

Many tests begin with the same rows, and making those takes longer than the tests do. What
`@standing` declares is made once, in a transaction around those of the tests, and stays as long
as tests follow that name it; each works on it in its own transaction, which is rolled back.
tests/conftest.py tells when tests are collected, begin and end.
"""

import copy
import inspect
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

#: What was declared, the latest last: of several that a test names it stands, the others are
#: made in the test.
_declared: dict[str, Callable[..., Any]] = {}
#: What stands, what it rests on first, with what making it returned.
_present: dict[str, Any] = {}
_around: list[transaction.Atomic] = []

TRANSACTIONAL = {"transactional_db", "live_server", "celery_workers"}


def standing(make: Callable[..., Any]) -> Any:
    """Declare a fixture of rows: `make` writes them; its arguments are others such.

    Each test gets a copy of what it returns. A test that commits has the rows made for itself.
    """
    assert make.__name__ not in _declared
    _declared[make.__name__] = make

    def fixture(request: pytest.FixtureRequest, db: None) -> Any:
        if make.__name__ in _present:
            return copy.deepcopy(_present[make.__name__])
        return make(*map(request.getfixturevalue, _rests_on(make)))

    fixture.__doc__ = make.__doc__
    return pytest.fixture(name=make.__name__)(fixture)


def _rests_on(make: Callable[..., Any]) -> list[str]:
    return [*inspect.signature(make).parameters]


def is_transactional(item: pytest.Item) -> bool:
    """Whether the test commits."""
    mark = item.get_closest_marker("django_db")
    return bool(mark and mark.kwargs.get("transaction")) or not TRANSACTIONAL.isdisjoint(
        item.fixturenames
    )


def together(items: list[pytest.Item]) -> None:
    """Order the tests of a file by what shall stand when they begin; those that commit last."""
    ranks = {name: number for number, name in enumerate([None, *_declared])}
    items.sort(key=lambda item: (is_transactional(item), ranks[_named(item)]))


def begin(item: pytest.Item) -> None:
    """Have stand what the test names, and nothing else, before its own transaction begins."""
    name = _named(item)
    if name != _stands():
        take_down()
        if name:
            _make(name)


def end(following: pytest.Item | None) -> None:
    """Take away what stands unless the following test leaves it alone."""
    if following is None or (_reads_database(following) and _named(following) != _stands()):
        take_down()


def take_down() -> None:
    """Take away what stands."""
    _present.clear()
    while _around:
        transaction.set_rollback(True)
        _around.pop().__exit__(None, None, None)


def _named(item: pytest.Item) -> str | None:
    names = [] if is_transactional(item) else item.fixturenames
    return next((name for name in reversed(_declared) if name in names), None)


def _reads_database(item: pytest.Item) -> bool:
    return "db" in item.fixturenames or bool(item.get_closest_marker("django_db"))


def _stands() -> str | None:
    return next(reversed(_present), None)


def _make(name: str) -> None:
    _around.append(transaction.atomic())
    _around[0].__enter__()
    try:
        for each in _chain(name):
            make = _declared[each]
            _present[each] = make(*(_present[other] for other in _rests_on(make)))
        with connection.cursor() as cursor:
            # Else each test would check all of it again.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    except BaseException:
        take_down()
        raise


def _chain(name: str) -> list[str]:
    return [each for other in _rests_on(_declared[name]) for each in _chain(other)] + [name]
