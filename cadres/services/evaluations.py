"""Grades of a unit for a year, written as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.common.jobs import enqueue
from cadres.choices import Grade
from cadres.models import Evaluation, Unit
from cadres.policies import Actor, can_edit_unit, can_grade, require
from cadres.selectors.evaluations import LastWriter, last_writers, roster

#: Jobs and the source of the rooms above, known here by their names only.
RECHECK_UNITS, UNIT_YEARS = "compliance.recheck", "unit_years"
RECHECK_PEOPLE = "planning.people_recheck"


@dataclass(frozen=True)
class GradeEntry:
    """What was typed for a person: `was` is the grade that the form showed, None for no grade."""

    cadre_id: int
    was: Grade | None
    now: Grade | None


@dataclass(frozen=True)
class GradeConflict:
    """Somebody else wrote another grade meanwhile: `theirs`, by `writer`; `mine` is not written."""

    cadre_id: int
    mine: Grade | None
    theirs: Grade | None
    writer: LastWriter | None


class GradesChanged(Exception):  # noqa: N818 - two people were at work, nobody made a fault
    """Grades that the form showed are no longer those on file; nothing was written."""

    def __init__(self, conflicts: Sequence[GradeConflict]) -> None:
        super().__init__(f"{len(conflicts)} grades changed meanwhile")
        self.conflicts = list(conflicts)


def evaluations_save(*, actor: Actor, unit: Unit, year: int, entries: Sequence[GradeEntry]) -> int:
    """Write the grades that a form changed, all or none; how many were written.

    What the form did not change is left alone, whoever else changed it. Raises PermissionDenied
    (no right, or one's own grade), ValidationError, GradesChanged.
    """
    require(can_edit_unit(actor, unit))
    if year > clock.today().year:
        raise ValidationError(_("Chưa thể xếp loại cho năm %(year)s.") % {"year": year})
    changed = [entry for entry in entries if entry.now != entry.was]
    for entry in changed:
        require(can_grade(actor, unit, cadre_id=entry.cadre_id))
    try:
        with transaction.atomic():
            written = _write(actor, unit, year, changed)
    except IntegrityError:
        # Somebody gave a grade between our look and our insertion: now it can be seen.
        raise GradesChanged(
            _conflicts(unit, year, changed, _on_file(unit, year, changed))
        ) from None
    return written


def _write(actor: Actor, unit: Unit, year: int, changed: Sequence[GradeEntry]) -> int:
    # One form of the unit at a time; rows that another door writes are locked by themselves.
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    on_file = _on_file(unit, year, changed, lock=True)
    conflicts = _conflicts(unit, year, changed, on_file)
    if conflicts:
        raise GradesChanged(conflicts)
    _require_served(actor, unit, year, changed)
    new = [each for each in changed if each.now and each.cadre_id not in on_file]
    gone = [each for each in changed if each.now is None and each.cadre_id in on_file]
    other = [
        each
        for each in changed
        if each.now and each.cadre_id in on_file and on_file[each.cadre_id].grade != each.now
    ]
    Evaluation.objects.bulk_create(
        [
            Evaluation(cadre_id=each.cadre_id, unit=unit, year=year, grade=cast("Grade", each.now))
            for each in new
        ]
    )
    for each in other:
        on_file[each.cadre_id].grade = cast("Grade", each.now)
    Evaluation.objects.bulk_update([on_file[each.cadre_id] for each in other], ["grade"])
    if gone:
        Evaluation.objects.filter(pk__in=[on_file[each.cadre_id].pk for each in gone]).delete()
    written = [*new, *other, *gone]
    if written:
        recheck_grades(unit=unit, year=year, cadre_ids=[each.cadre_id for each in written])
    return len(written)


def recheck_grades(*, unit: Unit, year: int, cadre_ids: Sequence[int]) -> None:
    """Have what rests on grades of last year judged again, on commit; no rule reads older ones."""
    if year == clock.today().year - 1:
        enqueue(RECHECK_UNITS, source_name=UNIT_YEARS, groups=[unit.pk])
        enqueue(RECHECK_PEOPLE, cadre_ids=sorted(cadre_ids))


def _on_file(
    unit: Unit, year: int, entries: Sequence[GradeEntry], *, lock: bool = False
) -> dict[int, Evaluation]:
    rows = Evaluation.objects.filter(
        unit=unit, year=year, cadre__in=[entry.cadre_id for entry in entries]
    ).order_by("pk")
    if lock:
        rows = rows.select_for_update()
    return {row.cadre_id: row for row in rows}


def _conflicts(
    unit: Unit, year: int, changed: Sequence[GradeEntry], on_file: dict[int, Evaluation]
) -> list[GradeConflict]:
    """Entries whose grade is neither what the form showed nor what it wants to write."""
    found = []
    for entry in changed:
        row = on_file.get(entry.cadre_id)
        present = Grade(row.grade) if row else None
        if present not in (entry.was, entry.now):
            found.append((entry, present))
    writers = last_writers(unit, year, [entry.cadre_id for entry, _present in found])
    return [
        GradeConflict(entry.cadre_id, entry.now, present, writers.get(entry.cadre_id))
        for entry, present in found
    ]


def _require_served(actor: Actor, unit: Unit, year: int, changed: Sequence[GradeEntry]) -> None:
    """A grade is given where one served: an entry about somebody else was not made by our form."""
    known = {row.cadre.pk for row in roster(actor, unit, year).rows}
    if any(entry.cadre_id not in known for entry in changed):
        raise ValidationError(
            _("Có người không công tác ở đơn vị trong năm này. Hãy tải lại trang.")
        )
