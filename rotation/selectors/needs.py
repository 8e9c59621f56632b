"""Everything that calls for rotation on a day, in the actor's scope, from data alone."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cadres.policies import Actor, scope_paths, sees_everything
from cadres.selectors import cadres_visible
from rotation.choices import NeedReason
from rotation.selectors.answers import Answers, answers_on
from rotation.selectors.experience import Gap, gaps_on, told
from rotation.selectors.heads import head_needs
from rotation.selectors.need import DUE, SOON_MONTHS, Need
from rotation.selectors.tour_ends import running_tours, tour_needs
from rotation.selectors.turns import Turn

#: 65-QĐ/TW, Điều 4: planned cadres are sent to be trained where they have not served.
EXPERIENCE_CITED = ({"source": "qd-65-2022", "at": "Điều 4", "confidence": "read"},)
_ORDER = {reason: place for place, reason in enumerate(NeedReason)}


@dataclass(frozen=True, kw_only=True)
class NeedFilter:
    """What a list of needs is narrowed to.

    `path`: units below it. `reasons`: empty means all. `is_answered`: with or without a proposal,
    None: both. `within`: how many months ahead. `term`: nominees of this term alone, where there
    are any. `order`: `thang`, `-thang`, or "" for the most pressing first; `by_unit`: nominees
    stand together by term and unit then.
    """

    path: str = ""
    reasons: frozenset[NeedReason] = field(default_factory=frozenset)
    is_answered: bool | None = None
    within: int = SOON_MONTHS
    term: str = ""
    order: str = ""
    by_unit: bool = False

    def allows(self, is_answered: bool) -> bool:
        """Whether needs with (without) an answer are wanted."""
        return self.is_answered is None or self.is_answered == is_answered


def due_needs(
    day: dt.date,
    paths: Sequence[str],
    tours: Iterable[Turn],
    answers: Answers,
    within: int = SOON_MONTHS,
) -> list[Need]:
    """Needs of heads below the paths and of the tours, the most pressing first; three queries."""
    found = [*head_needs(day, paths, within), *tour_needs(tours, day, within)]
    told_with = (replace(need, answer=answers.by_code.get(need.code)) for need in found)
    return sorted(told_with, key=_pressing)


def is_due(need: Need) -> bool:
    """Whether something has to happen within the time looked ahead; not where a paper waives it."""
    return need.reason in DUE and not need.waiver


def people(needs: Iterable[Need]) -> int:
    """How many people: who has two reasons counts once."""
    return len({need.code for need in needs})


def open_files(actor: Actor, needs: Iterable[Need]) -> set[str]:
    """Whose files the actor may open, by code; one query, none where all of it is known."""
    shown = list(needs)
    codes = {need.code for need in shown if need.is_open or sees_everything(actor)}
    asked = [need.code for need in shown if need.is_open is None and need.code not in codes]
    if asked:
        visible = cadres_visible(actor).filter(code__in=asked)
        codes.update(visible.values_list("code", flat=True))
    return codes


def _pressing(need: Need) -> tuple[int, int, str]:
    return (_ORDER[need.reason], -(need.months or 0), need.code)


class NeedRows(Sequence[Need]):
    """Needs of people, filtered and in order; names are read for what is shown only.

    `totals`, `open_totals`: how many needs of each reason there are, and how many without a
    proposal, whatever the reasons asked for. `terms`: of nominees, the nearest first. `together`:
    how many of those that are shown stand together, by term and path of the unit.
    """

    def __init__(self, actor: Actor, day: dt.date, wanted: NeedFilter) -> None:
        self.answers = answers_on(actor, day)
        paths = (wanted.path,) if wanted.path else scope_paths(actor)
        tours = running_tours(actor, day, wanted.path)
        due = due_needs(day, paths, tours, self.answers, wanted.within)
        gaps = gaps_on(actor, day, wanted.path)
        answered = set(self.answers.cadre_ids)
        self.due = due
        self.totals = Counter([need.reason for need in due] + [gap.reason for gap in gaps])
        self.open_totals = Counter(
            [need.reason for need in due if need.answer is None]
            + [gap.reason for gap in gaps if gap.cadre_id not in answered]
        )
        rows: list[Need | Gap] = [need for need in due if wanted.allows(need.answer is not None)]
        rows += [gap for gap in gaps if wanted.allows(gap.cadre_id in answered)]
        kept = [row for row in rows if not wanted.reasons or row.reason in wanted.reasons]
        # The rows come with the nearest term first.
        self.terms = list(dict.fromkeys(gap.term for gap in gaps if gap.term))
        if wanted.term in self.terms:
            kept = [row for row in kept if row.term == wanted.term]
        self._rows = _sorted(kept, wanted.order)
        self.together: Counter[tuple[str, str]] = Counter()
        if wanted.by_unit:
            self.together.update(_place_of(row) for row in kept)
            order = {term: place for place, term in enumerate([*self.terms, ""])}
            self._rows.sort(key=lambda row: (order[row.term], row.unit_path))

    def count(self, value: Any = None) -> int:
        """How many there are."""
        return len(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, place: Any) -> Any:
        rows = self._rows[place]
        names = told(row for row in rows if isinstance(row, Gap))
        by_id = {answer.cadre_id: answer for answer in self.answers.by_code.values()}
        return [
            row if isinstance(row, Need) else _need(row, names[row.cadre_id], by_id) for row in rows
        ]


_MONTHS: dict[str, Callable[[Any], tuple[bool, int]]] = {
    "thang": lambda row: (row.months is None, row.months or 0),
    "-thang": lambda row: (row.months is None, -(row.months or 0)),
}


def _sorted(rows: list[Need | Gap], order: str) -> list[Need | Gap]:
    return sorted(rows, key=_MONTHS.get(order, _place))


def _place_of(row: Need | Gap) -> tuple[str, str]:
    return row.term, row.unit_path


def _place(row: Need | Gap) -> int:
    return _ORDER[row.reason]


def _need(gap: Gap, names: dict[str, Any], answers: dict[int, Any]) -> Need:
    return Need(
        reason=gap.reason,
        outcome=None,
        code=names["code"],
        name=names["full_name"],
        title=names["title"] or "",
        unit=names["unit"] or "",
        months=gap.months,
        planned_for=(names["planned_title"], names["planned_unit"]),
        is_open=True,
        citations=EXPERIENCE_CITED,
        answer=answers.get(gap.cadre_id),
        term=gap.term,
        unit_path=gap.unit_path,
        unit_code=names["unit_code"] or "",
    )
