"""A plan as a grid of age band × title, with every finding beside it, and what is proposed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.ages import completed_years
from cadres.choices import Degree, Grade, Sex, Theory
from cadres.ethnic_groups import ETHNIC_GROUPS
from cadres.policies import Actor
from cadres.selectors.evaluations import grades_of
from compliance.choices import Outcome, SubjectKind
from compliance.engine.findings import Finding
from planning.choices import RemovalReason
from planning.contexts import links
from planning.contexts.cards import AGE_RULE, MENDED_BY_JOINING, Cards, bounds, totals
from planning.contexts.draft_panel import draft_panel
from planning.contexts.people import DEGREES, THEORIES, months_left, note_of
from planning.contexts.plan_address import (
    ADD,
    NOTE,
    ORDER,
    REASON,
    REMOVE,
    WITHDRAW,
    PlanAddress,
    order_pair,
)
from planning.contexts.what_if import (
    DRAFTED,
    LEAVING,
    NEW,
    OUT,
    STAYING,
    UNDRAFTED,
    WhatIf,
)
from planning.models import Plan, Pool
from planning.selectors import plans as reads

PLAN, POOL, NOMINATION = SubjectKind.PLAN, SubjectKind.POOL, SubjectKind.NOMINATION
#: Titles side by side; more stand in a further grid below.
COLUMNS = 3
#: How far back the latest grade is looked for.
GRADE_YEARS = 3

#: What is said of who stands where in what is proposed, and what leads on or back.
_STATES = {
    DRAFTED: gettext_lazy("Đề xuất bổ sung"),
    NEW: gettext_lazy("Mới thêm, chưa lưu"),
    OUT: gettext_lazy("Đưa ra, chưa lưu"),
    STAYING: gettext_lazy("Giữ lại, chưa lưu"),
    UNDRAFTED: gettext_lazy("Rút đề xuất, chưa lưu"),
}
_WAYS = {
    "": gettext_lazy("Đưa ra"),
    DRAFTED: gettext_lazy("Rút đề xuất"),
    LEAVING: gettext_lazy("Giữ lại"),
}
_BACK = gettext_lazy("Bỏ")

Errors = Mapping[str, Sequence[str]]
#: By person: "up" and "down", the addresses that move them.
Moves = Mapping[int, Mapping[str, str]]


def plan_board(
    actor: Actor, plan: Plan, as_of: dt.date, address: PlanAddress, errors: Errors | None = None
) -> dict[str, Any]:
    """The grid and the findings of a plan with what the address proposes, judged on a day.

    `errors`: what a save refused, by `name_of` the change.
    """
    what_if = WhatIf(actor, plan, as_of, address)
    pools = reads.pools_of(plan)
    is_today = as_of == clock.today()
    since = reads.since_when(plan, what_if.findings) if is_today and not what_if.changes else {}
    board = _Board(what_if, pools, errors or {})
    shown = next((pool.pk for pool in pools if str(pool.pk) == address.picked), None)
    shown = shown or (pools[0].pk if pools else None)
    cards = Cards(
        what_if.findings,
        board,
        what_if.keys(what_if.after),
        since,
        reads.waivers_of(plan, as_of),
        what_if.before_by_place,
    )
    titles = {pool.pk: str(pool.position.title) for pool in pools}
    return {
        "picker": [
            {
                "label": f"{pool.position.title} {board.size(pool)}",
                "url": address.url(picked=pool.pk),
                "here": pool.pk == shown,
            }
            for pool in pools
        ],
        "grids": [board.grid(part, shown) for part in _parts(pools)],
        "cards": cards.context(),
        "totals": totals(what_if.findings),
        "totals_before": totals(what_if.before) if what_if.changes else None,
        "panel": draft_panel(what_if, titles),
        "errors": [
            {"anchor": name, "text": text} for name, found in board.errors.items() for text in found
        ],
        "people_count": len({p.cadre_id for p in board.people.values() if what_if.is_in(p)}),
        "starts_on": plan.term.starts_on,
    }


def _parts(pools: Sequence[Pool]) -> list[Sequence[Pool]]:
    """Pools in parts of about the same size, `COLUMNS` at most."""
    rows = -(-len(pools) // COLUMNS)
    bounds = [round(number * len(pools) / rows) for number in range(rows + 1)] if rows else [0]
    return [pools[a:b] for a, b in pairwise(bounds)]


@dataclass(frozen=True)
class Band:
    """An age band; `name` is the key under which it is counted."""

    name: str
    label: str


class _Board:
    """People with what was found about each of them, and what one may do with each."""

    def __init__(self, what_if: WhatIf, pools: Sequence[Pool], errors: Errors) -> None:
        self.what_if, self.pools, self.errors = what_if, pools, errors
        self.as_of, self.address = what_if.as_of, what_if.address
        self.people: Mapping[int, reads.Nominee] = what_if.people
        self._urls: dict[str, str] = {}
        self.about = _by_subject(what_if.findings)
        self.about_before = _by_subject(what_if.before) if what_if.changes else self.about
        self.keys_before = {key: pk for pk, key in what_if.keys(what_if.saved).items()}
        self.ages = next((f for f in what_if.findings if _is_of_plan(f, AGE_RULE)), None)
        ids = sorted({person.cadre_id for person in self.people.values()})
        self.others = reads.other_pools(what_if.actor, what_if.plan, ids, self.as_of)
        self.years = range(self.as_of.year, self.as_of.year - GRADE_YEARS, -1)
        self.grades = grades_of(ids, self.years)

    def counts(self, nomination_id: int) -> Any:
        """The facts that a person was judged by, with the changes or else before them."""
        found = self.about.get((NOMINATION, nomination_id))
        if not found:
            before = self.keys_before.get(self.people[nomination_id].key, 0)
            found = self.about_before.get((NOMINATION, before))
        if found:
            return found[0].counts
        # Taken out by the saved draft: nobody judged them.
        return {"age": completed_years(self.people[nomination_id].birth_date, self.as_of)}

    def of_rule(
        self, kind: SubjectKind, subject_id: int, *codes: str, before: bool = False
    ) -> Finding | None:
        """The finding of the first of some rules on a subject that applies."""
        about = self.about_before if before else self.about
        found = [f for f in about.get((kind, subject_id), []) if f.rule.code in codes]
        applied = [f for f in found if f.outcome != Outcome.NOT_APPLICABLE]
        return next(iter(applied or found), None)

    def size(self, pool: Pool) -> int:
        """How many people are in a pool with everything proposed."""
        return sum(self.what_if.is_in(person) for person in self.what_if.members(pool.pk))

    def _size_before(self, pool: Pool) -> int:
        saved = self.what_if.keys(self.what_if.saved)
        gone = set(self.what_if.saved.removed)
        return sum(key[0] == pool.pk and pk not in gone for pk, key in saved.items())

    # -- bands

    @property
    def bands(self) -> list[Band]:
        """The age bands of the law of the day; one for everybody where it names none."""
        required = self.ages.required if self.ages else {}
        young, middle = required.get("young_below"), required.get("middle_to")
        if young is None or middle is None:
            return [Band("all", _("Mọi độ tuổi"))]
        bands = [
            Band("young", _("Dưới %(age)s") % {"age": young}),
            Band("middle", _("%(young)s đến %(middle)s") % {"young": young, "middle": middle}),
            Band("senior", _("Trên %(age)s") % {"age": middle}),
        ]
        if any(self.band_of(person) == "unknown" for person in self.people.values()):
            bands.append(Band("unknown", _("Chưa rõ tuổi")))
        return bands

    def band_of(self, person: reads.Nominee) -> str:
        """The band that a person is counted in."""
        required = self.ages.required if self.ages else {}
        young, middle = required.get("young_below"), required.get("middle_to")
        if young is None or middle is None:
            return "all"
        age = self.counts(person.nomination_id).get("age")
        if age is None:
            return "unknown"
        return "young" if age < young else "middle" if age <= middle else "senior"

    # -- the grid

    def grid(self, pools: Sequence[Pool], shown: int | None) -> dict[str, Any]:
        """One grid: heads of titles, a row a band, at the foot the way to add somebody."""
        return {
            "columns": len(pools),
            "has_shown": any(pool.pk == shown for pool in pools),
            "heads": [self._head(pool, shown) for pool in pools],
            "bands": [self._band(band, pools, shown) for band in self.bands],
            "feet": [self._foot(pool, shown) for pool in pools] if self.what_if.is_editable else [],
        }

    def _band(self, band: Band, pools: Sequence[Pool], shown: int | None) -> dict[str, Any]:
        of_band = [p for p in self.people.values() if self.band_of(p) == band.name]
        now = {p.cadre_id for p in of_band if self.what_if.is_in(p)}
        saved = self.keys_before.keys() - {
            self.what_if.present[pk] for pk in self.what_if.saved.removed
        }
        then = {p.cadre_id for p in of_band if p.key in saved}
        return {
            "label": band.label,
            "count": len(now),
            "before": len(then) if len(then) != len(now) else None,
            "cells": [self._cell(band, pool, shown) for pool in pools],
        }

    def _cell(self, band: Band, pool: Pool, shown: int | None) -> dict[str, Any]:
        members = self.what_if.members(pool.pk)
        of_band = [person for person in members if self.band_of(person) == band.name]
        ages = self.of_rule(POOL, pool.pk, AGE_RULE)
        lacks = ages is not None and ages.outcome == Outcome.NOT_MET and band.name != "unknown"
        filled = any(self.what_if.is_in(person) for person in of_band)
        moves = self._moves(pool, members, of_band)
        return {
            "people": [self.person(person, moves) for person in of_band],
            "gap": lacks and not filled,
            "here": pool.pk == shown,
        }

    def _bounds(self, pool: Pool) -> tuple[Finding | None, int | None, int | None]:
        """What is said of a pool's size, the least and the most."""
        finding = self.of_rule(
            POOL, pool.pk, "planning.candidates_per_title", "planning.committee_coefficient"
        )
        return finding, *bounds(finding)

    def _is_full(self, pool: Pool) -> bool:
        _finding, _low, high = self._bounds(pool)
        return high is not None and self.size(pool) >= high

    def _head(self, pool: Pool, shown: int | None) -> dict[str, Any]:
        finding, low, high = self._bounds(pool)
        size, before = self.size(pool), self._size_before(pool)
        return {
            "title": str(pool.position.title),
            "before": before if before != size else None,
            "count": f"{size}/{high}" if high is not None else str(size),
            "limit": _limit_words(low, high),
            "outcome": finding.outcome.code if finding else "not_applicable",
            "here": pool.pk == shown,
        }

    def _foot(self, pool: Pool, shown: int | None) -> dict[str, Any]:
        return {
            "pool": pool.pk,
            "title": str(pool.position.title),
            "url": self._suggestions_url(pool),
            "is_full": self._is_full(pool),
            "is_own": not self.what_if.is_open_pool(pool.pk),
            "here": pool.pk == shown,
        }

    def _suggestions_url(self, pool: Pool) -> str:
        """Who could join a pool, with everything proposed."""
        return self.address.beside("planning:pool-suggestions", pool.pk)

    def fits_url(self, finding: Finding) -> str:
        """Who could mend a finding by joining: its pool, for a plan the first with room."""
        if finding.rule.code not in MENDED_BY_JOINING or finding.kind == NOMINATION:
            return ""
        open_pools = [pool for pool in self.pools if self.what_if.is_open_pool(pool.pk)]
        if finding.kind == POOL:
            open_pools = [pool for pool in open_pools if pool.pk == finding.subject_id]
        roomy = [pool for pool in open_pools if not self._is_full(pool)] or open_pools
        return self._suggestions_url(roomy[0]) if roomy else ""

    def _moves(
        self, pool: Pool, members: Sequence[reads.Nominee], of_band: Sequence[reads.Nominee]
    ) -> Moves:
        """Addresses that put somebody before the one above, or after the one below, in the cell."""
        if not self.what_if.is_open_pool(pool.pk):
            return {}
        order = [p.cadre_id for p in members if self.what_if.is_in(p)]
        visible = [p.cadre_id for p in of_band if self.what_if.is_in(p)]
        moves: dict[int, dict[str, str]] = {cadre_id: {} for cadre_id in visible}
        for above, below in pairwise(visible):
            moves[above]["down"] = self._order_url(pool.pk, order, above, below, after=True)
            moves[below]["up"] = self._order_url(pool.pk, order, below, above, after=False)
        return moves

    def _order_url(
        self, pool_id: int, order: Sequence[int], who: int, whom: int, *, after: bool
    ) -> str:
        rest = [cadre_id for cadre_id in order if cadre_id != who]
        at = rest.index(whom) + after
        old = [pair for pair in self.address.pairs if pair[0] == ORDER]
        mine = [pair for pair in old if pair[1].startswith(f"{pool_id}-")]
        return self.address.url(
            plus=[order_pair(pool_id, [*rest[:at], who, *rest[at:]])], minus=mine
        )

    # -- a person

    def person(self, person: reads.Nominee, moves: Moves) -> dict[str, Any]:
        """A person as the page wants it: facts, what is wrong, what is proposed, the ways on."""
        is_in = self.what_if.is_in(person)
        move = moves.get(person.cadre_id, {}) if is_in else {}
        return {
            **self._facts(person, is_in=is_in),
            **self._proposal(person),
            "anchor": f"nguoi-{person.pool_id}-{person.code}",
            "up_url": move.get("up", ""),
            "down_url": move.get("down", ""),
        }

    def _facts(self, person: reads.Nominee, *, is_in: bool) -> dict[str, Any]:
        found = self.about.get((NOMINATION, person.nomination_id), []) if is_in else []
        service = next((f for f in found if f.rule.code == "planning.remaining_service"), None)
        wrong = service is not None and service.outcome >= Outcome.CANNOT_TELL
        months = service.measured["months"] if service else None
        return {
            "name": person.name,
            **self._links(person),
            "age": self.counts(person.nomination_id).get("age"),
            "post": person.post,
            "remaining": months_left(months, exact=wrong),
            "remaining_outcome": service.outcome.code if service and wrong else "",
            "sex": str(Sex(person.sex).label) if person.sex else "",
            "group": ETHNIC_GROUPS.get(person.ethnicity_code, ""),
            "degree": DEGREES[Degree(person.degree)] if person.degree is not None else "",
            "theory": THEORIES[Theory(person.theory)] if person.theory is not None else "",
            "starting_age": completed_years(person.birth_date, self.what_if.plan.term.starts_on),
            "grade": self._grade(person),
            "others": self._others(person),
            "notes": [
                {"outcome": finding.outcome.code, "text": note_of(finding)}
                for finding in found
                if finding.outcome >= Outcome.CANNOT_TELL and finding is not service
            ],
        }

    def cadre_url(self, code: str) -> str:
        """The file of somebody; asked for once, however often the page leads there."""
        if code not in self._urls:
            self._urls[code] = links.cadre_url(code, self.as_of)
        return self._urls[code]

    def _links(self, person: reads.Nominee) -> dict[str, str]:
        """The file, and its short form for the side panel; none where it may not be opened."""
        if not person.is_open:
            return {"url": "", "panel_url": ""}
        return {
            "url": self.cadre_url(person.code),
            "panel_url": links.address("cadres:cadre-panel", person.code, as_of=self.as_of),
        }

    def _grade(self, person: reads.Nominee) -> dict[str, Any] | None:
        """The latest grade of the last years."""
        graded = [year for year in self.years if (person.cadre_id, year) in self.grades]
        if not graded or not person.is_open:
            return None
        short = self.grades[person.cadre_id, graded[0]]
        return {"year": graded[0], "short": short, "label": str(Grade[short].label)}

    def _others(self, person: reads.Nominee) -> list[str]:
        """Other titles that the person is planned for in this term, as far as the actor sees."""
        plan_id = self.what_if.plan.pk
        return [
            each.title if each.plan_id == plan_id else f"{each.title}, {each.unit}"
            for each in self.others.get(person.cadre_id, ())
            if each.pool_id != person.pool_id
        ]

    def _proposal(self, person: reads.Nominee) -> dict[str, Any]:
        """Where the person stands in what is proposed, in words, and the way on and back."""
        state = self.what_if.states.get(person.key, "")
        mine, remove = f"{person.pool_id}-{person.code}", (REMOVE, str(person.nomination_id))
        plus, minus = {
            "": ([remove], []),
            DRAFTED: ([(WITHDRAW, mine)], []),
            NEW: ([], [(ADD, mine)]),
            LEAVING: ([(WITHDRAW, mine)], []),
            OUT: ([], [remove]),
            STAYING: ([], [(WITHDRAW, mine)]),
            UNDRAFTED: ([], [(WITHDRAW, mine)]),
        }[state]
        is_offered = self.what_if.is_open_pool(person.pool_id) and (state or person.is_standing)
        return {
            "state": state,
            "words": self._state_words(person, state),
            "way_label": str(_WAYS.get(state, _BACK)),
            "way_url": self.address.url(plus=plus, minus=minus) if is_offered else "",
            "reason": self._reason(person) if state == OUT and is_offered else None,
        }

    def _state_words(self, person: reads.Nominee, state: str) -> str:
        if state == LEAVING and not self.what_if.is_told:
            return _("Đề xuất đưa ra")
        if state == LEAVING:
            item = self.what_if.draft.items[person.key]
            why = item.note if item.reason == RemovalReason.OTHER else item.get_reason_display()
            return _("Đề xuất đưa ra: %(why)s") % {"why": str(why).lower()}
        return str(_STATES.get(state, ""))

    def _reason(self, person: reads.Nominee) -> dict[str, Any]:
        """The choice of a reason; `url`, `note_url`: the page without the one chosen before."""
        change = self.what_if.removals[person.key]
        pk = change.nomination_id
        name, note = f"{REASON}{pk}", f"{NOTE}{pk}"
        return {
            "id": f"bo-{pk}",
            "name": name,
            "note_name": note,
            "note": change.note,
            "value": change.reason,
            "choices": RemovalReason.choices,
            "is_other": change.reason == RemovalReason.OTHER,
            "url": self.address.url(minus=[(name, change.reason)]),
            "note_url": self.address.url(minus=[(note, change.note)]),
            "errors": self.errors.get(f"bo-{pk}", ()),
        }


def _by_subject(findings: Sequence[Finding]) -> dict[tuple[SubjectKind, int], list[Finding]]:
    about: dict[tuple[SubjectKind, int], list[Finding]] = {}
    for finding in findings:
        about.setdefault((finding.kind, finding.subject_id), []).append(finding)
    return about


def _is_of_plan(finding: Finding, code: str) -> bool:
    return finding.kind == PLAN and finding.rule.code == code


def _limit_words(low: int | None, high: int | None) -> str:
    if low is not None and high is not None:
        if low == high:
            return _("cần đúng %(n)s người") % {"n": low}
        return _("cần %(low)s đến %(high)s người") % {"low": low, "high": high}
    if low is not None:
        return _("ít nhất %(n)s người") % {"n": low}
    if high is not None:
        return _("tối đa %(n)s người") % {"n": high}
    return _("chưa có căn cứ về số lượng")


def heading_facts(plan: Plan, head: Any) -> str:
    """One line under the title: the decision, the status, who is accountable."""
    parts = []
    if plan.decision_no or plan.approved_on:
        when = (
            _(" ngày %(day)s") % {"day": formats.date(plan.approved_on)} if plan.approved_on else ""
        )
        parts.append(
            _("Phê duyệt tại Quyết định %(no)s%(when)s") % {"no": plan.decision_no, "when": when}
            if plan.decision_no
            else _("Phê duyệt%(when)s") % {"when": when}
        )
    else:
        parts.append(plan.get_status_display())
    if plan.last_reviewed_on:
        parts.append(_("rà soát gần nhất %(day)s") % {"day": formats.date(plan.last_reviewed_on)})
    if head:
        parts.append(
            _("người đứng đầu: %(name)s, %(title)s") % {"name": head.cadre, "title": head.title}
        )
    return " · ".join(parts)
