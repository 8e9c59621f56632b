"""From a mandate over the province and six organisations to the whole set of drafts.

Bar: under 60 s, in one process. Run as a program of its own: it loads the demonstration into
another database, which it removes. All of it is one transaction that is undone, so that no job is
sent to anybody's workers.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

LIMIT = 60
UNITS = ("CB", "01290", "01363", "01576", "01477", "01648", "01654")
_DATABASE = "portal_bench_drafts"


def main() -> None:
    """Load the demonstration, lead an inspection to its drafts, print how long each step took."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    os.environ["BENCH_DATABASE"] = _DATABASE
    import django

    django.setup()
    with _demonstration():
        whole, processor = time.perf_counter(), time.process_time()
        work = _step("mandate, units, team", _mandate)
        taking = _step("evidence", lambda: _evidence(work))
        drafted = _step("findings", lambda: _findings(work))
        _step("report of the team", lambda: _report(work))
        size = _step("papers and annexes", lambda: _papers(work))
        print(
            f"{taking.evidence.count()} rows of evidence, {drafted} findings, {size / 1e6:.1f} MB:"
            f" {time.perf_counter() - whole:.1f} s by the clock (wanted < {LIMIT}),"
            f" {time.process_time() - processor:.1f} s of the process",
            flush=True,
        )


def _step(name: str, act: Callable[[], Any]) -> Any:
    clock, processor = time.perf_counter(), time.process_time()
    found = act()
    took = time.perf_counter() - clock, time.process_time() - processor
    print(f"  {name}: {took[0]:.1f} s, {took[1]:.1f} s of the process", flush=True)
    return found


@contextmanager
def _demonstration() -> Iterator[None]:
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.test import override_settings

    from benchmarks.country import administer
    from cadre_portal.common import clock
    from cadre_portal.demo.services import load

    connection.close()
    administer(
        f"DROP DATABASE IF EXISTS {_DATABASE}",
        f"CREATE DATABASE {_DATABASE} TEMPLATE template0 ENCODING 'UTF8'",
    )
    try:
        call_command("migrate", verbosity=0)
        with transaction.atomic():
            with TemporaryDirectory() as var, override_settings(PORTAL_VAR=Path(var)):
                load(size=3_000, seed=1, as_of=clock.today())
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
            yield
            transaction.set_rollback(True)
    finally:
        connection.close()
        administer(f"DROP DATABASE IF EXISTS {_DATABASE}")


def _mandate() -> Any:
    import datetime as dt

    from cadre_portal.common import clock
    from cadre_portal.demo.inspecting import Member, advance, excuse, minute, prepare
    from cadre_portal.demo.process import user
    from cadres.models import Unit
    from inspections.choices import MinutesKind, TeamRole
    from inspections.services.inspections import inspection_open

    today = clock.today()
    inspection = inspection_open(
        actor=user("canbotinh"),
        values={
            "name": "Kiểm tra công tác quy hoạch", "unit": Unit.objects.get(code="CB"),
            "decision_no": "1-QĐ/TU", "decision_on": today, "issuer": "Ban Thường vụ Tỉnh ủy",
            "subject": "Quy hoạch, luân chuyển", "law_examined": "377-QĐ/TW",
            "period_from": dt.date(2025, 7, 1), "period_to": today, "starts_on": today,
            "ends_on": today + dt.timedelta(days=30), "evidence_on": today,
        },
    )  # fmt: skip
    team = [
        Member("truongdoan", TeamRole.LEAD, "Trưởng đoàn", ""),
        Member("thuky", TeamRole.SECRETARY, "Thư ký", ""),
    ]
    work = prepare(inspection, "canbotinh", UNITS, team, today)
    advance(work)
    minute(work, MinutesKind.DEPLOY, "Công bố quyết định.")
    advance(work)
    excuse(work, UNITS, "Bản giấy")
    advance(work)
    for code in UNITS:
        minute(work, MinutesKind.WORKING, "Đối chiếu số liệu.", unit=code)
    return work


def _evidence(work: Any) -> Any:
    from inspections.services import evidence

    taking = evidence.evidence_take(actor=work.lead, inspection=work.seen())
    return evidence.evidence_inline(taking)


def _findings(work: Any) -> int:
    from inspections.services.drafting import findings_draft

    return findings_draft(actor=work.secretary, inspection=work.seen()).added


def _report(work: Any) -> None:
    from cadre_portal.demo.inspecting import approve, standing
    from inspections.services import team_report

    approve(work, standing(work))
    texts = team_report.report_prefill(work.secretary, work.seen())
    team_report.report_save(actor=work.secretary, inspection=work.seen(), version=0, values=texts)


def _papers(work: Any) -> int:
    from inspections.exports.bundle import set_file

    asked = {"inspection": work.inspection.pk, "formats": ["docx", "pdf"], "annexes": True}
    response = set_file(work.office, asked)
    # Closing the response would close the connection, as at the end of a request.
    return sum(len(piece) for piece in response.streaming_content)


if __name__ == "__main__":
    main()
