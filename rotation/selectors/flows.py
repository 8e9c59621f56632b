"""Who sends people where: moves that took place, counted between units."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, Q

from cadres.policies import Actor, unit_scope
from cadres.selectors.positions import positions_on
from rotation.choices import RotationStatus
from rotation.models import Rotation
from rotation.policies import rotation_scope

if TYPE_CHECKING:
    from rotation.selectors.turns import Post, Turn

_ENDS = (
    *("from_unit_id", "from_unit__code", "from_unit__name", "from_unit__level"),
    *("to_unit_id", "to_unit__code", "to_unit__name", "to_unit__level"),
)


class Place(NamedTuple):
    """A unit that people leave or come to."""

    unit_id: int
    code: str
    name: str
    level: str

    @classmethod
    def of(cls, post: Post) -> Place:
        """The unit of a post."""
        return cls(post.unit_id, post.unit_code, post.unit_name, post.level)


@dataclass(frozen=True)
class Flows:
    """How many moved from one unit to another, by (from, to); `still`: units that did neither."""

    between: Mapping[tuple[int, int], int]
    places: Mapping[int, Place]
    still: int
    out: Counter[int] = field(init=False, default_factory=Counter)
    into: Counter[int] = field(init=False, default_factory=Counter)

    def __post_init__(self) -> None:
        for (start, end), number in self.between.items():
            self.out[start] += number
            self.into[end] += number

    @property
    def total(self) -> int:
        """All moves."""
        return sum(self.between.values())


def took_place(as_of: dt.date) -> Q:
    """Rotations that had begun by the day; what was cancelled was undone and is none."""
    return Q(status__in=(RotationStatus.IN_PROGRESS, RotationStatus.COMPLETED), start_on__lte=as_of)


def under_way(as_of: dt.date) -> Q:
    """Rotations that had begun by the day and had not ended."""
    is_open = Q(status=RotationStatus.IN_PROGRESS, ended_on=None) | Q(ended_on__gt=as_of)
    return took_place(as_of) & is_open


def flows(actor: Actor, as_of: dt.date, years: range, kind: str = "") -> Flows:
    """Moves that the actor may see and that began in these years, by the day; two queries.

    `kind` of RotationKind, "" for all three.
    """
    rows = Rotation.objects.filter(
        rotation_scope(actor), took_place(as_of), start_on__year__gte=years.start
    ).filter(start_on__year__lt=years.stop)
    if kind:
        rows = rows.filter(kind=kind)
    counted = rows.order_by().values_list(*_ENDS).annotate(number=Count("pk"))
    return _flows(
        actor, as_of, ((Place(*ends[:4]), Place(*ends[4:]), number) for *ends, number in counted)
    )


def flows_of(actor: Actor, as_of: dt.date, turns: Iterable[Turn]) -> Flows:
    """The same of turns that were read already; one query."""
    done = [(Place.of(turn.start), Place.of(turn.end), 1) for turn in turns if turn.is_done]
    return _flows(actor, as_of, done)


def _flows(actor: Actor, as_of: dt.date, moves: Iterable[tuple[Place, Place, int]]) -> Flows:
    between: Counter[tuple[int, int]] = Counter()
    places: dict[int, Place] = {}
    for start, end, number in moves:
        places |= {start.unit_id: start, end.unit_id: end}
        between[start.unit_id, end.unit_id] += number
    with_posts = positions_on(as_of).filter(unit_scope(actor)).exclude(unit__in=places)
    return Flows(between, places, with_posts.values("unit").distinct().count())
