"""The small province of the samples in the database, as it is and with its live state."""

import datetime as dt
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from cadre_portal.common import clock
from compliance.choices import RunKind
from compliance.models import ComplianceRun
from compliance.services import run_inline, run_start
from tests.support.standing import standing

DATA = Path(__file__).parent / "data"
PROVINCE = DATA / "province-small.xlsx"
#: On this day the sample has the findings of province-small.expected.jsonl.
SAMPLE_DAY = dt.date(2026, 11, 22)


def import_province() -> None:
    """Import the sample as staff would."""
    call_command("import_workbook", str(PROVINCE), verbosity=0)


def check_all() -> ComplianceRun:
    """Bring the live state up to today, in this process."""
    run = run_start(actor=None, as_of=clock.today(), kind=RunKind.LIVE, inline=True)
    run_inline(run)
    return run


@standing
def province_on_file() -> None:
    """The sample province, never checked."""
    import_province()


@standing
def province_checked(province_on_file: None) -> None:
    """The sample province with its live state of SAMPLE_DAY."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # autovacuum never sees rows of a test's transaction
    with clock.frozen(SAMPLE_DAY):
        check_all()
