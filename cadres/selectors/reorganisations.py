"""Reorganisations for those who may make them; which of them a unit went through, for everybody."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from cadres.choices import ReorganisationStatus
from cadres.models import Appointment, Reorganisation, Unit
from cadres.periods import valid_on
from cadres.policies import Actor, can_reorganise, can_see_audit
from cadres.selectors.unit_facts import facts_on


def reorganisation_list(actor: Actor) -> QuerySet[Reorganisation]:
    """All acts, the latest first, with the number of steps; none for who may not see them."""
    rows = Reorganisation.objects.select_related("created_by", "applied_by", "undone_by")
    if not may_read(actor):
        return rows.none()
    return rows.annotate(step_count=Count("steps")).order_by("-effective_on", "-pk")


def may_read(actor: Actor) -> bool:
    """Acts name people and units of the whole organisation."""
    return can_reorganise(actor) or can_see_audit(actor)


def reorganisation_get(actor: Actor, pk: int) -> Reorganisation:
    """The act. Raises Http404 when there is none for the actor."""
    return get_object_or_404(reorganisation_list(actor), pk=pk)


def acts_of(code: str) -> list[Reorganisation]:
    """Applied acts that took the unit in, the latest first; their names and decisions are open."""
    named = Q(steps__unit_code=code) | Q(steps__other_codes__contains=[code])
    rows = Reorganisation.objects.filter(named, status=ReorganisationStatus.APPLIED)
    return list(rows.distinct().order_by("-effective_on", "-pk"))


class UnitOption(NamedTuple):
    """A unit that a step may name."""

    code: str
    name: str
    depth: int
    kind: str
    level: str
    parent: str


def unit_options(act: Reorganisation) -> list[UnitOption]:
    """The units that are there on the day before the act, or on its day; one query."""
    eve = act.effective_on - dt.timedelta(days=1)
    rows = list(
        Unit.objects.filter(valid_on(eve) | valid_on(act.effective_on))
        .order_by("path")
        .values_list("path", "code", "name", "depth", "kind", "level")
    )
    codes = {path: code for path, code, *_rest in rows}
    return [
        UnitOption(code, name, depth, kind, level, codes.get(path[: -Unit.steplen], ""))
        for path, code, name, depth, kind, level in rows
    ]


def unit_names(act: Reorganisation) -> dict[str, str]:
    """Names, on the day before, of the units that an act speaks of; two queries."""
    codes = {code for step in act.steps.all() for code in (step.unit_code, *step.other_codes)}
    codes |= {step.parent_code for step in act.steps.all()}
    facts = facts_on(act.effective_on - dt.timedelta(days=1))
    return {unit.code: facts.show(unit).name for unit in Unit.objects.filter(code__in=codes)}


def people_moved(act: Reorganisation, most: int) -> list[tuple[Appointment, Appointment | None]]:
    """Appointments that an applied act ended, each with the one it began; two queries."""
    done = act.record.get("appointments") or {"ended": [], "begun": []}
    joined = ("cadre", "title", "unit")
    ended = Appointment.objects.filter(pk__in=_firsts(done["ended"])).select_related(*joined)
    begun = Appointment.objects.filter(pk__in=_firsts(done["begun"])).select_related(*joined)
    after: defaultdict[int, list[Appointment]] = defaultdict(list)
    for held in begun.order_by("pk"):
        after[held.cadre_id].append(held)
    pairs = []
    for held in ended.order_by("unit__path", "-title__rank", "cadre__sort_key")[:most]:
        same = [each for each in after[held.cadre_id] if each.title_id == held.title_id]
        found = next(iter(same or after[held.cadre_id]), None)
        if found:
            after[held.cadre_id].remove(found)
        pairs.append((held, found))
    return pairs


def _firsts(rows: list[list[Any]]) -> list[int]:
    return [row[0] for row in rows]
