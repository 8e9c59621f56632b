"""People: who is visible, what posts they hold, one person's file.

A person is visible where they hold a title today; who sees all units sees everybody, also those
without a title.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet, Value
from django.shortcuts import get_object_or_404

from cadre_portal.common import clock
from cadres.models import Appointment, Cadre, Discipline, Evaluation, Training
from cadres.periods import active_on
from cadres.policies import (
    SENSITIVE_ROLES,
    Actor,
    can_see_sensitive_of,
    scope_paths,
    sees_everything,
    unit_scope,
)

# ---- Who is visible --------------------------------------------------------------------------


def cadre_scope(actor: Actor, field: str = "pk") -> Exists | Value:
    """Condition "the person whose id is `field` is visible to the actor today"."""
    if sees_everything(actor):
        return Value(True, output_field=BooleanField())
    return serving(clock.today(), unit_scope(actor), field)


def sensitive_scope(actor: Actor, field: str = "pk") -> Exists | Value:
    """Condition "the actor may see sensitive data of the person whose id is `field`"."""
    if scope_paths(actor, *SENSITIVE_ROLES) == ("",):
        return Value(True, output_field=BooleanField())
    return serving(clock.today(), unit_scope(actor, roles=SENSITIVE_ROLES), field)


def sensitive_of_visible(actor: Actor) -> Exists | Value:
    """sensitive_scope among people who are visible anyway: mostly the same, so it costs nothing."""
    if scope_paths(actor, *SENSITIVE_ROLES) == scope_paths(actor):
        return Value(True, output_field=BooleanField())
    return sensitive_scope(actor)


def serving(day: dt.date, where: Q, field: str = "pk") -> Exists:
    """Condition "holds a post for which `where` is true on the day"."""
    held = Appointment.objects.filter(active_on(day), where, cadre=OuterRef(field))
    return Exists(held)


def cadres_visible(actor: Actor) -> QuerySet[Cadre]:
    """Files the actor may open, as Vietnamese lists are sorted."""
    people = Cadre.objects.order_by("sort_key", "code")
    return people if sees_everything(actor) else people.filter(cadre_scope(actor))


def visible_ids(actor: Actor, ids: Iterable[int]) -> set[int]:
    """Which of these people's files the actor may open; one query."""
    return set(cadres_visible(actor).filter(pk__in=list(ids)).values_list("pk", flat=True))


def cadre_get(actor: Actor, code: str) -> Cadre:
    """The person with this code. Raises Http404 when the actor may see none."""
    return get_object_or_404(cadres_visible(actor).select_related("native_unit"), code=code)


def posts_of(cadres: Iterable[Cadre], as_of: dt.date) -> dict[int, Appointment]:
    """Primary appointment of each person on the day, by the person's id; one query.

    CONTRACT section 3: the highest rank, then the latest start, then the lowest title and unit
    codes. Who holds no title has no entry.
    """
    rows = (
        Appointment.objects.filter(active_on(as_of), cadre__in=[cadre.pk for cadre in cadres])
        .select_related("title", "unit")
        .order_by("cadre_id", "-title__rank", "-start_on", "title__code", "unit__code")
        .distinct("cadre_id")
    )
    return {row.cadre_id: row for row in rows}


# ---- One person ------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class CadreProfile:
    """A person's file on one day; `disciplines` is None when the actor may not see them."""

    cadre: Cadre
    as_of: dt.date
    posts: list[Appointment]
    career: list[Appointment]
    evaluations: list[Evaluation]
    trainings: list[Training]
    disciplines: list[Discipline] | None

    @property
    def post(self) -> Appointment | None:
        """The primary appointment on the day."""
        return self.posts[0] if self.posts else None

    @property
    def is_sensitive_shown(self) -> bool:
        """Whether sensitive data are part of what the actor sees."""
        return self.disciplines is not None


def cadre_profile(actor: Actor, cadre: Cadre, as_of: dt.date) -> CadreProfile:
    """The file of a person whom the actor may see; five queries."""
    career = list(
        Appointment.objects.filter(cadre=cadre)
        .select_related("title", "unit")
        .order_by("-start_on", "-title__rank", "title__code", "unit__code")
    )
    posts = [a for a in career if a.start_on <= as_of and (a.end_on is None or as_of < a.end_on)]
    posts.sort(key=lambda a: (-a.title.rank, -a.start_on.toordinal(), a.title.code, a.unit.code))
    return CadreProfile(
        cadre=cadre,
        as_of=as_of,
        posts=posts,
        career=career,
        evaluations=list(
            Evaluation.objects.filter(cadre=cadre)
            .select_related("unit")
            .order_by("-year", "unit__code")
        ),
        trainings=list(Training.objects.filter(cadre=cadre).order_by("-start_on", "course")),
        disciplines=_disciplines(actor, cadre),
    )


def _disciplines(actor: Actor, cadre: Cadre) -> list[Discipline] | None:
    if not can_see_sensitive_of(actor, cadre):
        return None
    return list(Discipline.objects.filter(cadre=cadre).order_by("-decided_on"))
