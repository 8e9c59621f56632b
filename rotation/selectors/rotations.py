"""Rotations that the actor may see, and what stands in the way of the next step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import F, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from cadre_portal.templatetags import formats
from cadres.policies import Actor, below
from cadres.selectors.text import folded
from cadres.selectors.units import path_of_unit
from compliance.selectors.figures import figures_of_units
from compliance.selectors.retirement import whole_months
from rotation.choices import RotationKind, RotationStatus, Side
from rotation.models import Rotation, RotationOpinion, RotationPlan
from rotation.policies import rotation_scope
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
    """What a list of rotations is narrowed to; units by code, with everything below them."""

    text: str = ""
    status: str = ""
    kind: str = ""
    year: int | None = None
    sending: str = ""
    receiving: str = ""
    declined: str = ""


def rotation_list(actor: Actor, wanted: RotationFilter) -> QuerySet[Rotation]:
    """Rotations that the actor may see, narrowed; who starts last stands first."""
    rows = rotations_visible(actor).order_by(F("start_on").desc(nulls_first=True), "-pk")
    if wanted.text:
        text = folded(wanted.text)
        rows = rows.filter(
            Q(cadre__search_key__contains=text) | Q(cadre__code__iexact=wanted.text.strip())
        )
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


def obstacles_to_submit(
    rotation: Rotation, opinions: dict[str, RotationOpinion]
) -> Sequence[Obstacle]:
    """Everything that is missing before it can be submitted, all at once."""
    found = []
    if rotation.start_on is None:
        found.append(Obstacle(_("Chưa có ngày bắt đầu."), "de-xuat"))
    if rotation.planned_end_on is None and rotation.kind != RotationKind.TRANSFER:
        found.append(Obstacle(_("Chưa có ngày dự kiến kết thúc."), "de-xuat"))
    found += [
        Obstacle(_("Chưa có ý kiến: %(side)s.") % {"side": side.label}, "y-kien")
        for side in sides_asked(rotation)
        if side not in opinions
    ]
    short = too_short(rotation)
    if short:
        found.append(Obstacle(short, "de-xuat"))
    return found


def too_short(rotation: Rotation) -> str:
    """What is wrong with the planned length of a tour, by the figures of its end; "" if nothing."""
    if (
        rotation.kind != RotationKind.ROTATION
        or rotation.start_on is None
        or rotation.planned_end_on is None
    ):
        return ""
    minimum = minimum_months(rotation, rotation.planned_end_on)
    months = whole_months(rotation.start_on, rotation.planned_end_on)
    if minimum is None or months >= minimum:
        return ""
    text = _("Thời gian dự kiến %(n)s tháng, cần ít nhất %(least)s tháng (đến %(day)s).")
    until = after_months(rotation.start_on, minimum)
    return text % {"n": months, "least": minimum, "day": formats.date(until)}


def minimum_months(rotation: Rotation, on: dt.date) -> int | None:
    """How long a tour has to last by the figures of a day; None: nothing is in force."""
    return figures_of_units([rotation.to_unit], DURATION, on)[rotation.to_unit_id][
        "duration_months"
    ][0]


def others_of_person(rotation: Rotation) -> QuerySet[Rotation]:
    """Other rotations of the person that are decided or under way."""
    rows = Rotation.objects.filter(cadre=rotation.cadre_id, status__in=BINDING, ended_on=None)
    return rows.exclude(pk=rotation.pk).select_related("to_unit")
