"""What Phụ lục 1 and Phụ lục 2 say of each person: rows, out of a dossier or of the plan itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cadres.choices import TitleKind
from cadres.papers import short_day
from planning.choices import DraftAct, PlanStatus, RemovalReason
from planning.models import Dossier, DraftItem, Plan
from planning.selectors import dossiers
from planning.selectors.form_people import FormPerson, form_people

#: Reasons that tell of a discipline, or of what led to one.
_TELLING = {RemovalReason.DISCIPLINE, RemovalReason.VIOLATION, RemovalReason.POLITICAL}
COMMITTEE, HEADS, DEPUTIES, REMOVED = "committee", "heads", "deputies", "removed"


@dataclass(frozen=True, kw_only=True)
class ReviewRow:
    """A person on Phụ lục 1. `planned`: titles up to now; `carried`: titles that go on.

    `group`: COMMITTEE, HEADS, DEPUTIES or REMOVED; `basis`: the decision on the plan.
    """

    term: str
    group: str
    person: FormPerson
    planned: tuple[str, ...]
    carried: tuple[str, ...]
    basis: str
    proposal: str


@dataclass(frozen=True, kw_only=True)
class SupplementRow:
    """A person on Phụ lục 2."""

    person: FormPerson
    titles: tuple[str, ...]
    proposal: str


@dataclass(frozen=True)
class Review:
    """Everything a unit proposes in a review: who goes on or leaves, and who is added.

    `asked`: how many are proposed for each title; `is_sensitive`: a discipline may be told of.
    """

    rows: list[ReviewRow]
    added: list[SupplementRow]
    asked: list[tuple[str, int]]
    is_sensitive: bool


def review_of(plan: Plan, dossier: Dossier | None, as_of: dt.date, *, with_reasons: bool) -> Review:
    """The review in a dossier; without one, the plan as it stands with nothing proposed yet.

    People of whom nothing is decided yet stand in their group without a proposal, until the dossier
    is approved. `with_reasons`: why somebody leaves is told, perhaps a discipline. Six queries.
    """
    items = dossiers.items_of(dossier) if dossier else []
    is_over = dossier is not None and dossier.status == PlanStatus.APPROVED
    decided = {item.nomination_id for item in items}
    standing = [] if is_over else dossiers.standing_nominations(plan)
    waiting = [row for row in standing if row.pk not in decided]
    people = form_people([*(i.cadre for i in items), *(n.cadre for n in waiting)], as_of)
    known = [item for item in items if item.nomination_id]
    term, basis = str(plan.term), _basis(plan)
    rows = [
        _known(item, term, basis, people[item.cadre_id], with_reasons=with_reasons)
        for item in known
    ]
    for row in waiting:
        title = row.pool.position.title
        rows.append(
            ReviewRow(
                term=term,
                group=_group(title),
                person=people[row.cadre_id],
                planned=(str(title),),
                carried=(),
                basis=basis,
                proposal="",
            )
        )
    rows += [_carried(item, term, people[item.cadre_id]) for item in items if item.carried_from_id]
    added = [item for item in items if item.act == DraftAct.ADD and not item.carried_from_id]
    return Review(
        rows=_joined(rows),
        added=_supplements(added, people),
        asked=_asked(added),
        is_sensitive=with_reasons and any(item.reason in _TELLING for item in known),
    )


def _known(
    item: Any, term: str, basis: str, person: FormPerson, *, with_reasons: bool
) -> ReviewRow:
    """Somebody who is in the plan, and stays or leaves."""
    title = item.pool.position.title
    is_removed = item.act == DraftAct.REMOVE
    return ReviewRow(
        term=term,
        group=REMOVED if is_removed else _group(title),
        person=person,
        planned=(str(title),),
        carried=() if is_removed else (str(title),),
        basis=basis,
        proposal=_removal(item, with_reasons=with_reasons) if is_removed else _staying(item),
    )


def _basis(plan: Plan) -> str:
    if not plan.decision_no and plan.approved_on is None:
        return ""
    number, day = plan.decision_no or "…", short_day(plan.approved_on)
    return f"{number}, ngày {day}"


def _group(title: Any) -> str:
    if title.kind == TitleKind.COMMITTEE:
        return COMMITTEE
    return HEADS if title.is_head else DEPUTIES


def _staying(item: DraftItem) -> str:
    return f"Chuyển tiếp quy hoạch{f' ({item.note})' if item.note else ''}"


def _removal(item: DraftItem, *, with_reasons: bool) -> str:
    if not with_reasons:
        return "Đưa ra khỏi quy hoạch"
    if item.reason == RemovalReason.OTHER:
        return f"Đưa ra khỏi quy hoạch: {item.note}"
    why = str(RemovalReason(item.reason).label)
    more = f" ({item.note})" if item.note else ""
    return f"Đưa ra khỏi quy hoạch: {why[:1].lower()}{why[1:]}{more}"


def _carried(item: Any, term: str, person: FormPerson) -> ReviewRow:
    """Somebody who comes over from an earlier plan."""
    pool = item.carried_from
    title = item.pool.position.title
    return ReviewRow(
        term=term,
        group=_group(title),
        person=person,
        planned=(str(pool.position.title),),
        carried=(str(title),),
        basis=_basis(pool.plan),
        proposal="Chuyển tiếp quy hoạch",
    )


def _joined(rows: Iterable[ReviewRow]) -> list[ReviewRow]:
    """One row for each person, group and proposal, with all the titles."""
    found: dict[tuple[object, ...], ReviewRow] = {}
    for row in rows:
        key = (row.term, row.group, row.person.cadre.pk, row.proposal, row.basis)
        known = found.get(key)
        found[key] = (
            replace(known, planned=known.planned + row.planned, carried=known.carried + row.carried)
            if known
            else row
        )
    return list(found.values())


def _supplements(added: Sequence[DraftItem], people: dict[int, FormPerson]) -> list[SupplementRow]:
    titles: dict[int, list[str]] = {}
    notes: dict[int, list[str]] = {}
    for item in added:
        cadre_id = item.cadre_id
        titles.setdefault(cadre_id, []).append(str(item.pool.position.title))
        notes.setdefault(cadre_id, []).append(item.note)
    return [
        SupplementRow(
            person=people[cadre_id],
            titles=tuple(named),
            proposal="; ".join(["Bổ sung quy hoạch", *filter(None, notes[cadre_id])]),
        )
        for cadre_id, named in titles.items()
    ]


def _asked(added: Sequence[DraftItem]) -> list[tuple[str, int]]:
    asked: dict[str, int] = {}
    for item in added:
        title = str(item.pool.position.title)
        asked[title] = asked.get(title, 0) + 1
    return list(asked.items())
