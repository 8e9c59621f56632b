"""The live state, with everything kept from earlier runs, is what a fresh look would find."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.db import connection
from hypothesis import given

from cadre_portal.common import clock
from cadres.models import (
    Appointment,
    Cadre,
    Discipline,
    Evaluation,
    Position,
    Title,
    Unit,
)
from compliance import services
from compliance.choices import Outcome, SubjectKind
from compliance.engine.findings import Finding, Labels, expand
from compliance.engine.store import verdict_of
from compliance.models import Target
from planning.models import Ballot, Nomination, Plan, Term
from rotation.models import Rotation
from tests.rules.strategies import DAY, Luck, add_months, luck, provinces, random_search
from tests.rules.writer import in_database

pytestmark = pytest.mark.django_db

Edit = Callable[[Luck, dt.date], Any]


def _one(luck: Luck, model: Any) -> Any:
    rows = list(model.objects.order_by("pk"))
    return luck.one(rows) if rows else None


def _set(model: Any, **ways: Callable[[Luck, dt.date], Any]) -> Edit:
    """An edit that gives one row of `model` another value in one of these columns."""

    def edit(luck: Luck, day: dt.date) -> None:
        row = _one(luck, model)
        if row is not None:
            name = luck.one(sorted(ways))
            model.objects.filter(pk=row.pk).update(**{name: ways[name](luck, day)})

    return edit


def _end(model: Any, first: str, last: str) -> Edit:
    """An edit that ends one row today, tomorrow, or before it began to count."""

    def edit(luck: Luck, day: dt.date) -> None:
        row = _one(luck, model)
        if row is not None:
            end = max(getattr(row, first), day + luck.one((-1, 0, 1)) * DAY)
            if getattr(row, last) is None or end < getattr(row, last):
                model.objects.filter(pk=row.pk).update(**{last: end})

    return edit


def _delete(model: Any) -> Edit:
    def edit(luck: Luck, _day: dt.date) -> None:
        row = _one(luck, model)
        if row is not None:
            model.objects.filter(pk=row.pk).delete()

    return edit


def _discipline(luck: Luck, day: dt.date) -> None:
    cadre = _one(luck, Cadre)
    Discipline.objects.get_or_create(
        cadre=cadre, kind="warning", decided_on=day, defaults={"effective_to": day + DAY}
    )


def _appoint(luck: Luck, day: dt.date) -> None:
    key = {
        "cadre": _one(luck, Cadre),
        "unit": _one(luck, Unit),
        "title": _one(luck, Title),
    }
    if not Appointment.objects.filter(**key).exists():
        Appointment.objects.create(**key, start_on=day + luck.one((-400, 0, 1)) * DAY)


def _birth(luck: Luck, day: dt.date) -> None:
    born = luck.one((None, *(add_months(day, -12 * age) for age in (35, 40, 45, 52, 57))))
    precision = "day" if born else ""
    Cadre.objects.filter(pk=_one(luck, Cadre).pk).update(birth_date=born, birth_precision=precision)


def _grade(luck: Luck, day: dt.date) -> None:
    Evaluation.objects.update_or_create(
        cadre=_one(luck, Cadre),
        unit=_one(luck, Unit),
        year=day.year - 1,
        defaults={"grade": luck.upto(4, 1)},
    )


def _move(luck: Luck, _day: dt.date) -> None:
    unit, target = _one(luck, Unit), _one(luck, Unit)
    if not target.path.startswith(unit.path):
        Unit.objects.move(unit, target, "last-child")


def _days(luck: Luck, day: dt.date) -> dt.date:
    return day + luck.one((-400, -31, -1, 0, 1)) * DAY


EDITS: tuple[Edit, ...] = (
    _set(
        Cadre,
        sex=lambda luck, _: luck.one(("", "male", "female")),
        ethnicity_code=lambda luck, _: luck.one(("", "01", "02")),
        degree=lambda luck, _: luck.one((None, 0, 3)),
        theory=lambda luck, _: luck.one((None, 0, 3)),
        retires_on=lambda luck, day: luck.one((None, day, day + 4000 * DAY)),
        native_unit=lambda luck, _: _one(luck, Unit),
    ),
    _set(
        Title,
        rank=lambda luck, _: luck.one((10, 20, 30)),
        kind=lambda luck, _: luck.one(("leadership", "committee")),
        is_head=lambda luck, _: luck.chance(50),
        non_local_required=lambda luck, _: luck.chance(50),
        min_degree=lambda luck, _: luck.one((None, 0, 3)),
    ),
    _set(Position, prescribed=lambda luck, _: luck.one((1, 2, 3))),
    _set(Unit, level=lambda luck, _: luck.one(("province", "district", "commune"))),
    _set(Target, value=lambda luck, _: luck.one((0, 1, 2, 25, 50, 60, 120))),
    _set(Term, starts_on=_days),
    _set(
        Plan,
        status=lambda luck, _: luck.one(("draft", "approved")),
        approved_on=_days,
        last_reviewed_on=_days,
    ),
    _set(Rotation, status=lambda luck, _: luck.one(("completed", "cancelled", "in_progress"))),
    _set(Ballot, agree=lambda *_: 0),
    _end(Appointment, "start_on", "end_on"),
    _end(Nomination, "nominated_on", "removed_on"),
    _end(Discipline, "decided_on", "effective_to"),
    _delete(Appointment),
    _delete(Evaluation),
    _delete(Discipline),
    _delete(Nomination),
    _delete(Target),
    _delete(Rotation),
    _delete(Ballot),
    _discipline,
    _appoint,
    _grade,
    _birth,
    _birth,
    _move,
)


def _is_brief(finding: Finding) -> bool:
    """Is it a verdict on a nomination of which the live state need not keep the numbers?"""
    return finding.kind == SubjectKind.NOMINATION and finding.outcome <= Outcome.MET


def _text(findings: Iterable[Finding]) -> Counter[str]:
    return Counter(
        json.dumps(
            [
                f.kind.name,
                f.group_id,
                f.subject_id,
                f.unit_id,
                f.rule.code,
                f.outcome.name,
                None if _is_brief(f) else f.measured,
                f.required,
                [citation["source"] for citation in f.citations],
            ],
            sort_keys=True,
            default=str,
        )
        for f in findings
    )


def stored() -> Iterator[Finding]:
    """Return what the live state says."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.kind, s.group_id, s.subject_id, s.unit_id, s.outcomes, s.counts,"
            " f.figures::text, f.citations::text"
            " FROM compliance_state s JOIN compliance_figureset f ON f.id = s.figures_id"
        )
        for row in cursor.fetchall():
            yield from expand(verdict_of(*row), Labels())


def fresh(day: dt.date) -> Iterator[Finding]:
    """Return what the live state should say: of nominations only those with something wrong."""
    findings = list(services.evaluate(as_of=day))
    wrong = {
        f.subject_id
        for f in findings
        if f.kind == SubjectKind.NOMINATION and f.outcome >= Outcome.CANNOT_TELL
    }
    for finding in findings:
        if finding.kind != SubjectKind.NOMINATION or finding.subject_id in wrong:
            yield finding


def run(day: dt.date) -> None:
    """Bring the live state up to `day`."""
    with clock.frozen(day):
        services.run_inline(services.run_start(actor=None, as_of=day, inline=True))


@pytest.mark.slow
@random_search(15)
@given(provinces(), luck())
def test_it_follows_edits_and_the_calendar(drawn, luck):
    province, day = drawn
    with in_database(province):
        run(day)
        done = []
        for _ in range(3):
            for edit in [luck.one(EDITS) for _ in range(luck.upto(4))]:
                edit(luck, day)
                done.append(f"{EDITS.index(edit)}")
            day += luck.one((0, 1, 1, 30, 31, 365)) * DAY
            run(day)
            got, want = _text(stored()), _text(fresh(day))
            assert got == want, (
                f"on {day} after edits {done}\nstored only: {list(got - want)[:5]}\n"
                f"fresh only: {list(want - got)[:5]}\n{province}"
            )
