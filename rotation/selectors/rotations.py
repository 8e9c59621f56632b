"""Rotations that the actor may see, and what stands in the way of the next step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import F, Q, QuerySet, prefetch_related_objects
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from cadre_portal.templatetags import formats
from cadres.policies import Actor, below
from cadres.selectors.text import folded
from cadres.selectors.units import path_of_unit
from compliance.selectors.figures import UnitDay, figures_of_days, figures_of_units
from compliance.selectors.retirement import whole_months
from rotation.choices import RotationKind, RotationStatus, Side
from rotation.models import Rotation, RotationOpinion, RotationPlan
from rotation.policies import (
    can_decide_rotation,
    can_edit_rotation,
    can_give_opinion,
    rotation_scope,
)
from rotation.selectors.people import DURATION, after_months

#: What every list and page of rotations shows.
NAMED = ("cadre", "from_unit", "from_title", "to_unit", "to_title", "after_unit", "after_title")
#: Statuses of a rotation that is decided or under way, and so holds a person.
BINDING = (RotationStatus.APPROVED, RotationStatus.IN_PROGRESS)


class Obstacle(NamedTuple):
    """Why it cannot be submitted yet; `part` names the part of the page where it is mended."""

    text: str
    part: str


def rotations_visible(actor: Actor) -> QuerySet[Rotation]:
    """Rotations from or to the actor's units, and the actor's own; the latest first."""
    rows = Rotation.objects.filter(rotation_scope(actor)).select_related(*NAMED)
    return rows.order_by("-start_on", "-pk")


@dataclass(frozen=True, kw_only=True)
class RotationFilter:
    """What a list of rotations is narrowed to; units by code, with everything below them.

    `is_loose`: running ones that did not begin here, so that no post on file belongs to them yet.
    """

    text: str = ""
    status: str = ""
    kind: str = ""
    year: int | None = None
    sending: str = ""
    receiving: str = ""
    declined: str = ""
    is_loose: bool = False


def rotation_list(actor: Actor, wanted: RotationFilter) -> QuerySet[Rotation]:
    """Rotations that the actor may see, narrowed; who starts last stands first."""
    rows = rotations_visible(actor).order_by(F("start_on").desc(nulls_first=True), "-pk")
    if wanted.text:
        text = folded(wanted.text)
        rows = rows.filter(
            Q(cadre__search_key__contains=text) | Q(cadre__code__iexact=wanted.text.strip())
        )
    if wanted.is_loose:
        rows = rows.filter(status=RotationStatus.IN_PROGRESS, begun__isnull=True)
    exact = {
        "status": wanted.status,
        "kind": wanted.kind,
        "start_on__year": wanted.year,
        "decline_kind": wanted.declined,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    for field, code in (("from_unit__path", wanted.sending), ("to_unit__path", wanted.receiving)):
        if code:
            path = path_of_unit(code)
            rows = rows.filter(below(path, field)) if path is not None else rows.none()
    return rows


def rotation_years(actor: Actor) -> list[int]:
    """Years in which rotations that the actor may see begin, the latest first; one query."""
    starts = rotations_visible(actor).exclude(start_on=None).order_by()
    years = starts.values_list("start_on__year", flat=True).distinct()
    return sorted(set(years), reverse=True)


def to_hear(actor: Actor) -> list[Rotation]:
    """Open proposals of which the actor may write down what a side says; the oldest first."""
    return [
        each
        for each in _waiting(actor).filter(submitted_on=None)
        if any(can_give_opinion(actor, each, side) for side in Side)
    ]


def to_submit(actor: Actor) -> list[Rotation]:
    """Open proposals that the actor may submit; the oldest first."""
    rows = _waiting(actor).filter(submitted_on=None)
    return [each for each in rows if can_edit_rotation(actor, each)]


def to_decide(actor: Actor) -> list[Rotation]:
    """Submitted rotations that the actor may decide on; the longest submitted first."""
    rows = _waiting(actor).exclude(submitted_on=None).order_by("submitted_on", "pk")
    return [each for each in rows if can_decide_rotation(actor, each)]


def _waiting(actor: Actor) -> QuerySet[Rotation]:
    rows = rotations_visible(actor).filter(status=RotationStatus.PROPOSED)
    return rows.order_by("proposed_on", "pk").prefetch_related("opinions", "waivers")


def plans_to_choose() -> QuerySet[RotationPlan]:
    """Plans of years that a proposal may belong to, the latest first. Only years are told."""
    return RotationPlan.objects.order_by("-year")


def rotation_get(actor: Actor, pk: int) -> Rotation:
    """One rotation with its units and titles. Raises Http404 when the actor may not see it."""
    return get_object_or_404(rotations_visible(actor).prefetch_related("waivers"), pk=pk)


def opinions_of(rotation: Rotation) -> dict[str, RotationOpinion]:
    """The opinions that were given, by side."""
    return {each.side: each for each in rotation.opinions.select_related("recorded_by")}


def sides_asked(rotation: Rotation) -> tuple[Side, ...]:
    """Whose opinion is needed: of a tour all three; a transfer is an order and asks the units."""
    if rotation.kind == RotationKind.ROTATION:
        return tuple(Side)
    return (Side.SENDING, Side.RECEIVING)


def obstacles_to_submit(rotation: Rotation) -> Sequence[Obstacle]:
    """Everything that is missing before it can be submitted, all at once."""
    return obstacles_to_submit_all([rotation])[rotation.pk]


def obstacles_to_submit_all(rotations: Sequence[Rotation]) -> dict[int, list[Obstacle]]:
    """The same of many, by id: one query, and one for opinions not read."""
    prefetch_related_objects(rotations, "opinions")
    shorts = _too_short(rotations)
    return {each.pk: list(_obstacles(each, shorts.get(each.pk))) for each in rotations}


def _obstacles(rotation: Rotation, short: str | None) -> Iterator[Obstacle]:
    if rotation.start_on is None:
        yield Obstacle(_("Chưa có ngày bắt đầu."), "de-xuat")
    if rotation.planned_end_on is None and rotation.kind != RotationKind.TRANSFER:
        yield Obstacle(_("Chưa có ngày dự kiến kết thúc."), "de-xuat")
    heard = {opinion.side for opinion in rotation.opinions.all()}
    for side in sides_asked(rotation):
        if side not in heard:
            yield Obstacle(_("Chưa có ý kiến: %(side)s.") % {"side": side.label}, "y-kien")
    if short:
        yield Obstacle(short, "de-xuat")


def _too_short(rotations: Sequence[Rotation]) -> dict[int, str]:
    """What is wrong with the planned length of tours, by the figures of their ends; by id."""
    tours = [
        (each, each.start_on, each.planned_end_on)
        for each in rotations
        if each.kind == RotationKind.ROTATION and each.start_on and each.planned_end_on
    ]
    ends = [UnitDay(each.to_unit_id, each.to_unit.level, end) for each, _start, end in tours]
    figures = figures_of_days(ends, DURATION)
    found = {}
    for (rotation, start, end), asked in zip(tours, ends, strict=True):
        minimum, months = figures[asked]["duration_months"][0], whole_months(start, end)
        if minimum is not None and months < minimum:
            text = _("Thời gian dự kiến %(n)s tháng, cần ít nhất %(least)s tháng (đến %(day)s).")
            day = formats.date(after_months(start, minimum))
            found[rotation.pk] = text % {"n": months, "least": minimum, "day": day}
    return found


def minimum_months(rotation: Rotation, on: dt.date) -> int | None:
    """How long a tour has to last by the figures of a day; None: nothing is in force."""
    return figures_of_units([rotation.to_unit], DURATION, on)[rotation.to_unit_id][
        "duration_months"
    ][0]


def bound_of_people(cadre_ids: Iterable[int]) -> QuerySet[Rotation]:
    """Rotations of people that are decided or under way, with where they lead."""
    rows = Rotation.objects.filter(cadre__in=list(cadre_ids), status__in=BINDING, ended_on=None)
    return rows.select_related("to_unit")
