"""What tests of the check's pages share: a day, a checked organisation, a checked province."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest

from cadre_portal.common import clock
from cadres.models import Unit
from compliance import services
from compliance.choices import RunKind
from compliance.models import ComplianceRun
from tests.cast import Organisation
from tests.samples import SAMPLE_DAY, check_all
from tests.support.standing import standing

TODAY = SAMPLE_DAY


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


@standing
def organisation_checked(organisation: Organisation) -> Organisation:
    """The small organisation with its live state.

    Both plans were approved in May 2025 and never reviewed; both nominees are directors already.
    """
    with clock.frozen(TODAY):
        check_all()
    return organisation


@pytest.fixture
def checked(frozen_today: dt.date, organisation_checked: Organisation) -> Organisation:
    """The small organisation with its live state of today."""
    return organisation_checked


@standing
def province_with_snapshot(province_checked: None) -> ComplianceRun:
    """The sample province, its live state, and a snapshot of the same day."""
    made = services.run_start(actor=None, as_of=SAMPLE_DAY, kind=RunKind.SNAPSHOT, inline=True)
    services.run_inline(made)
    made.refresh_from_db()
    return made


@pytest.fixture
def province(frozen_today: dt.date, province_with_snapshot: ComplianceRun) -> ComplianceRun:
    """The sample province on its day; the snapshot of that day."""
    return province_with_snapshot
