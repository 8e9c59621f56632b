"""The country that the benchmarks work on, in a database of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from cadre_portal.demo.country import load_country
from compliance.engine.standing import write_retirement_dates

#: The first day that is checked; the country is made as of this day.
DAY = date(2026, 11, 22)


@contextmanager
def country(scale: float, *, keep: bool) -> Iterator[None]:
    """Within the block the database holds a country of `scale`; made unless one was kept."""
    mark = f"country {scale} of {DAY}"
    if _mark() != mark:
        connection.close()
        administer(
            f"DROP DATABASE IF EXISTS {_name()}",
            f"CREATE DATABASE {_name()} TEMPLATE template0 ENCODING 'UTF8'",
        )
        print("making the country (some minutes at full size)", flush=True)
        call_command("migrate", verbosity=0)
        load_country(scale, as_of=DAY, exclusions=False)
        administer(f"COMMENT ON DATABASE {_name()} IS '{mark}'")
    else:
        call_command("migrate", verbosity=0)
    write_retirement_dates()
    try:
        yield
    finally:
        connection.close()
        if not keep:
            administer(f"DROP DATABASE IF EXISTS {_name()}")


def _name() -> str:
    return str(settings.BENCH_DATABASE)


def _mark() -> str | None:
    """What the database says about itself; None where there is none."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [_name()],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def administer(*statements: str) -> None:
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def size() -> str:
    """The number of rows of the large tables, in one line."""
    tables = {
        "cadres": "cadres_cadre",
        "plans": "planning_plan",
        "pools": "planning_pool",
        "nominations": "planning_nomination",
        "appointments": "cadres_appointment",
        "evaluations": "cadres_evaluation",
    }
    with connection.cursor() as cursor:
        numbers = []
        for word, table in tables.items():
            cursor.execute(f"SELECT count(*) FROM {table}")
            numbers.append(f"{cursor.fetchone()[0]:,} {word}")
    return ", ".join(numbers)
