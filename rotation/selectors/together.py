"""Rotations that wait for one paper about several: narrowed, and in the order of their units."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cadres.policies import Actor
from rotation.choices import Side
from rotation.models import Rotation
from rotation.policies import can_give_opinion
from rotation.selectors.rotations import sides_asked

if TYPE_CHECKING:
    from cadres.models import Unit


@dataclass(frozen=True, kw_only=True)
class WaitingFilter:
    """What is asked of those that wait: their paper, a unit at either end (code), who said nothing.

    "" asks nothing.
    """

    paper: str = ""
    unit: str = ""
    side: str = ""


def narrowed(actor: Actor, rotations: Sequence[Rotation], wanted: WaitingFilter) -> list[Rotation]:
    """Those that are wanted; no query of rotations whose opinions are read."""
    return [
        each
        for each in rotations
        if (not wanted.paper or (each.is_submitted and each.submission_no == wanted.paper))
        and (not wanted.unit or wanted.unit in (each.from_unit.code, each.to_unit.code))
        and (not wanted.side or wanted.side in sides_lacking(actor, each))
    ]


def sides_lacking(actor: Actor, rotation: Rotation) -> list[Side]:
    """Whose word is needed, is not there, and may be written down by the actor."""
    said = {opinion.side for opinion in rotation.opinions.all()}
    return [
        side
        for side in sides_asked(rotation)
        if side not in said and can_give_opinion(actor, rotation, side)
    ]


def why_not_heard(actor: Actor, rotations: Sequence[Rotation], side: str) -> dict[int, list[str]]:
    """Why the word of a side cannot be written down, by id; of no side ("") nothing is said."""
    if side not in Side.values:
        return {each.pk: [] for each in rotations}
    said = _("Đã có ý kiến của bên này. Bỏ chọn, hoặc sửa trong hồ sơ ấy.")
    foreign = _("Đồng chí không được ghi ý kiến của bên này. Bỏ chọn hồ sơ này.")
    return {
        each.pk: [said] * any(opinion.side == side for opinion in each.opinions.all())
        + [foreign] * (not can_give_opinion(actor, each, side))
        for each in rotations
    }


def by_unit(
    rotations: Sequence[Rotation], *, is_sending: bool, first: Collection[int] = ()
) -> list[Rotation]:
    """In the order of the tree of the units at one end; ids of `first` stand before all others."""
    return sorted(
        rotations,
        key=lambda each: (each.pk not in first, unit_at(each, is_sending=is_sending).path),
    )


def unit_at(rotation: Rotation, *, is_sending: bool) -> Unit:
    """The unit at one end."""
    return rotation.from_unit if is_sending else rotation.to_unit
