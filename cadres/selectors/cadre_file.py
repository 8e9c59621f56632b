"""One person's file as its pages read it: who it is, what was held, how the years were graded."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import BooleanField, Count, Exists, OuterRef, Value
from django.shortcuts import get_object_or_404

from cadre_portal.common import clock
from cadres.models import Appointment, Cadre, Discipline, Evaluation, Training, Unit, User
from cadres.periods import active_on
from cadres.policies import EDITING_ROLES, EVERYTHING, Actor, in_scope, scope_paths, unit_scope
from cadres.selectors.cadres import cadres_visible, sensitive_scope


@dataclass(frozen=True, kw_only=True)
class CadreFile:
    """A person on the day of view, with the whole career, latest first.

    `above`: the unit of the present post and those above it, as far as the actor may open them.
    """

    actor: Actor
    cadre: Cadre
    as_of: dt.date
    is_sensitive_shown: bool
    is_editable: bool
    career: list[Appointment]
    above: list[Unit]

    @cached_property
    def post(self) -> Appointment | None:
        """The primary appointment on the day (CONTRACT section 3)."""
        return primary_post(self.career, self.as_of)

    def may_open(self, unit: Unit) -> bool:
        """Whether the page of a unit would open for the actor."""
        return in_scope(self.actor, unit)


def is_active(post: Appointment, day: dt.date) -> bool:
    """Whether an appointment holds on a day; `end_on` is the first day out."""
    return post.start_on <= day and (post.end_on is None or day < post.end_on)


def seniority(post: Appointment) -> tuple[int, int, str, str]:
    """Sorts posts, the primary one first: highest rank, latest start, lowest codes."""
    return (-post.title.rank, -post.start_on.toordinal(), post.title.code, post.unit.code)


def primary_post(career: Iterable[Appointment], day: dt.date) -> Appointment | None:
    """Among those that hold: the highest rank, the latest start, the lowest codes."""
    return min((post for post in career if is_active(post, day)), key=seniority, default=None)


def cadre_file(actor: Actor, code: str, as_of: dt.date) -> CadreFile:
    """The file of a person whom the actor may see. Raises Http404. Three queries."""
    people = cadres_visible(actor).select_related("native_unit")
    cadre: Any = get_object_or_404(
        people.annotate(sees_sensitive=sensitive_scope(actor), edits=_editing_scope(actor)),
        code=code,
    )
    career = list(
        Appointment.objects.filter(cadre=cadre)
        .select_related("title", "unit")
        .order_by("-start_on", "-title__rank", "title__code", "unit__code")
    )
    is_own = isinstance(actor, User) and actor.cadre_id == cadre.pk
    return CadreFile(
        actor=actor,
        cadre=cadre,
        as_of=as_of,
        is_sensitive_shown=cadre.sees_sensitive,
        is_editable=cadre.edits and not is_own,
        career=career,
        above=_above(actor, primary_post(career, as_of)),
    )


def _editing_scope(actor: Actor) -> Exists | Value:
    """As `policies.can_edit_cadre` says, inside the query that reads the person."""
    if scope_paths(actor, *EDITING_ROLES) == (EVERYTHING,):
        return Value(True, output_field=BooleanField())
    where = unit_scope(actor, roles=EDITING_ROLES)
    return Exists(Appointment.objects.filter(active_on(clock.today()), where, cadre=OuterRef("pk")))


def _above(actor: Actor, post: Appointment | None) -> list[Unit]:
    if post is None:
        return []
    path = post.unit.path
    line = [path[:end] for end in range(Unit.steplen, len(path) + 1, Unit.steplen)]
    return list(Unit.objects.filter(unit_scope(actor, "path"), path__in=line).order_by("path"))


# ---- Years and courses -----------------------------------------------------------------------


def evaluations_of(cadre: Cadre) -> list[Evaluation]:
    """Grades, latest year first; one query."""
    found = Evaluation.objects.filter(cadre=cadre).select_related("unit")
    return list(found.order_by("-year", "unit__code"))


def trainings_of(cadre: Cadre) -> list[Training]:
    """Courses, latest first, those without a date last; one query."""
    courses = Training.objects.filter(cadre=cadre)
    return sorted(courses, key=lambda t: (t.end_on or t.start_on or dt.date.min, t.pk))[::-1]


def disciplines_of(file: CadreFile) -> list[Discipline] | None:
    """Disciplines, latest first; None when the actor may not know. One query."""
    if not file.is_sensitive_shown:
        return None
    return list(Discipline.objects.filter(cadre=file.cadre).order_by("-decided_on", "pk"))


def grades_of_units(
    actor: Actor, evaluations: Collection[Evaluation]
) -> dict[tuple[int, int], Counter[int]]:
    """How many people of each unit got each grade in the years given, by (unit id, year).

    Only units in the actor's scope: how another unit graded its people is theirs to know. One
    query over as many rows as there are grades.
    """
    open_units = {e.unit_id for e in evaluations if in_scope(actor, e.unit)}
    if not open_units:
        return {}
    rows = (
        Evaluation.objects.filter(unit__in=open_units, year__in={e.year for e in evaluations})
        .order_by()
        .values_list("unit_id", "year", "grade")
        .annotate(people=Count("pk"))
    )
    found: defaultdict[tuple[int, int], Counter[int]] = defaultdict(Counter)
    for unit_id, year, grade, people in rows:
        found[unit_id, year][grade] = people
    return dict(found)
