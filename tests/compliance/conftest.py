"""What tests of the check's pages share: a day, a checked organisation, a checked province."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from cadre_portal.common import clock
from cadres.models import Unit
from compliance import services
from compliance.choices import RunKind
from compliance.models import ComplianceRun
from tests.cast import Organisation

TODAY = dt.date(2026, 11, 22)
SAMPLE = Path(__file__).resolve().parents[1] / "data" / "province-small.xlsx"


@pytest.fixture
def frozen_today() -> Iterator[dt.date]:
    """The portal's clock stands at 22/11/2026."""
    with clock.frozen(TODAY):
        yield TODAY


@pytest.fixture
def check(db: None, frozen_today: dt.date) -> Callable[..., ComplianceRun]:
    """`check()` does a live run, `check(day, unit)` a snapshot, in this process."""

    def run(as_of: dt.date | None = None, unit: Unit | None = None) -> ComplianceRun:
        kind = RunKind.LIVE if as_of is None else RunKind.SNAPSHOT
        made = services.run_start(
            actor=None, as_of=as_of or frozen_today, unit=unit, kind=kind, inline=True
        )
        services.run_inline(made)
        made.refresh_from_db()
        return made

    return run


@pytest.fixture
def checked(organisation: Organisation, check: Callable[..., ComplianceRun]) -> Organisation:
    """The small organisation with its live state.

    Both plans were approved in May 2025 and never reviewed; both nominees are directors already.
    """
    check()
    return organisation


@pytest.fixture
def province(check: Callable[..., ComplianceRun]) -> ComplianceRun:
    """The sample province, its live state, and a snapshot of the same day."""
    call_command("import_workbook", str(SAMPLE), verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # autovacuum never sees rows of a test's transaction
    check()
    return check(TODAY)
