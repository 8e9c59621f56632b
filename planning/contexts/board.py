"""A plan as a grid of age band × title, with every finding beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.choices import Degree, Sex, Theory
from cadres.ethnic_groups import ETHNIC_GROUPS
from cadres.policies import Actor, can_see_sensitive
from compliance.choices import Outcome, SubjectKind
from compliance.engine.findings import Finding
from planning.contexts import links
from planning.models import Plan, Pool
from planning.selectors import plans as reads
from planning.selectors.stored import CRITERIA
from planning.services import plan_check

PLAN, POOL, NOMINATION = SubjectKind.PLAN, SubjectKind.POOL, SubjectKind.NOMINATION
AGE_RULE = "planning.three_age_bands"
#: Titles side by side; more stand in a further grid below.
COLUMNS = 3


def plan_board(actor: Actor, plan: Plan, as_of: dt.date, picked: str = "") -> dict[str, Any]:
    """The grid and the findings of a plan, judged now on a day; phones show the pool `picked`."""
    findings = [
        finding
        for finding in plan_check(plan=plan, as_of=as_of)
        if not finding.rule.sensitive or can_see_sensitive(actor, plan.unit)
    ]
    people = reads.nominees(actor, plan, as_of)
    pools = reads.pools_of(plan)
    since = reads.since_when(plan, findings) if as_of == clock.today() else {}
    waivers = reads.waivers_of(plan, as_of)
    board = _Board(findings, people, as_of)
    shown = next((pool.pk for pool in pools if str(pool.pk) == picked), None)
    shown = shown or (pools[0].pk if pools else None)
    return {
        "picker": [
            {
                "label": f"{pool.position.title} {board.size(pool)}",
                "url": links.plan_url(plan.pk, as_of, chuc_danh=pool.pk),
                "here": pool.pk == shown,
            }
            for pool in pools
        ],
        "grids": [board.grid(part, shown) for part in _parts(pools)],
        "cards": Cards(findings, board, since, waivers).context(),
        "people_count": len({person.cadre_id for person in people}),
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
    """People with what was found about each of them."""

    def __init__(
        self, findings: Iterable[Finding], people: Sequence[reads.Nominee], as_of: dt.date
    ) -> None:
        self.as_of = as_of
        self.people = {person.nomination_id: person for person in people}
        self.about: dict[tuple[SubjectKind, int], list[Finding]] = {}
        for finding in findings:
            self.about.setdefault((finding.kind, finding.subject_id), []).append(finding)
        self.ages = next(
            (f for found in self.about.values() for f in found if _is_of_plan(f, AGE_RULE)), None
        )

    def counts(self, nomination_id: int) -> Any:
        """The facts that a person was judged by."""
        return self.about[NOMINATION, nomination_id][0].counts

    def of_rule(self, kind: SubjectKind, subject_id: int, *codes: str) -> Finding | None:
        """The finding of the first of some rules on a subject that applies."""
        found = [f for f in self.about.get((kind, subject_id), []) if f.rule.code in codes]
        applied = [f for f in found if f.outcome != Outcome.NOT_APPLICABLE]
        return next(iter(applied or found), None)

    def size(self, pool: Pool) -> int:
        """How many people are in a pool."""
        return sum(person.pool_id == pool.pk for person in self.people.values())

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
        """One grid: heads of titles, a row a band."""
        return {
            "columns": len(pools),
            "has_shown": any(pool.pk == shown for pool in pools),
            "heads": [self._head(pool, shown) for pool in pools],
            "bands": [self._band(band, pools, shown) for band in self.bands],
        }

    def _band(self, band: Band, pools: Sequence[Pool], shown: int | None) -> dict[str, Any]:
        different = {p.cadre_id for p in self.people.values() if self.band_of(p) == band.name}
        return {
            "label": band.label,
            "count": len(different),
            "cells": [self._cell(band, pool, shown) for pool in pools],
        }

    def _cell(self, band: Band, pool: Pool, shown: int | None) -> dict[str, Any]:
        people = [
            self.person(person)
            for person in self.people.values()
            if person.pool_id == pool.pk and self.band_of(person) == band.name
        ]
        ages = self.of_rule(POOL, pool.pk, AGE_RULE)
        lacks = ages is not None and ages.outcome == Outcome.NOT_MET and band.name != "unknown"
        return {"people": people, "gap": lacks and not people, "here": pool.pk == shown}

    def _head(self, pool: Pool, shown: int | None) -> dict[str, Any]:
        finding = self.of_rule(
            POOL, pool.pk, "planning.candidates_per_title", "planning.committee_coefficient"
        )
        low, high = _bounds(finding)
        size = self.size(pool)
        return {
            "title": str(pool.position.title),
            "count": f"{size}/{high}" if high is not None else str(size),
            "limit": _limit_words(low, high),
            "outcome": finding.outcome.code if finding else "not_applicable",
            "here": pool.pk == shown,
        }

    # -- a person

    def person(self, person: reads.Nominee) -> dict[str, Any]:
        """A person as the component wants it, marked with what is wrong."""
        counts = self.counts(person.nomination_id)
        service = self.of_rule(NOMINATION, person.nomination_id, "planning.remaining_service")
        wrong = service is not None and service.outcome >= Outcome.CANNOT_TELL
        months = service.measured["months"] if service else None
        return {
            "name": person.name,
            "url": links.cadre_url(person.code, self.as_of) if person.is_open else "",
            "age": counts.get("age"),
            "post": person.post,
            "remaining": months_left(months, exact=wrong),
            "remaining_outcome": service.outcome.code if service and wrong else "",
            "sex": str(Sex(person.sex).label) if person.sex else "",
            "group": ETHNIC_GROUPS.get(person.ethnicity_code, ""),
            "degree": DEGREES[Degree(person.degree)] if person.degree is not None else "",
            "theory": THEORIES[Theory(person.theory)] if person.theory is not None else "",
            "notes": [
                {"outcome": finding.outcome.code, "text": note_of(finding)}
                for finding in self.about[NOMINATION, person.nomination_id]
                if finding.outcome >= Outcome.CANNOT_TELL
                and finding.rule.code != "planning.remaining_service"
            ],
        }


def _is_of_plan(finding: Finding, code: str) -> bool:
    return finding.kind == PLAN and finding.rule.code == code


def _bounds(finding: Finding | None) -> tuple[int | None, int | None]:
    """How many people a pool asks for, from the law and the prescribed number."""
    if finding is None or finding.outcome == Outcome.NOT_APPLICABLE:
        return None, None
    seats, required = finding.measured["prescribed"], finding.required
    if finding.rule.code == "planning.candidates_per_title":
        most = required["maximum"]
        return required["minimum"], None if most is None else most * seats
    low, high = required["minimum_percent"], required["maximum_percent"]
    return (
        None if low is None else -(-low * seats // 100),
        None if high is None else high * seats // 100,
    )


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


def months_left(months: int | None, *, exact: bool) -> str:
    """Time left as a list shows it: in years, exactly where it matters."""
    if months is None:
        return _("chưa rõ") if exact else ""
    if exact or months < 24:
        return _("%(n)s tháng") % {"n": months}
    return _("%(n)s năm") % {"n": months // 12}


DEGREES = {
    Degree.NONE: pgettext_lazy("trình độ", "chưa ĐT"),
    Degree.INTERMEDIATE: gettext_lazy("TC"),
    Degree.COLLEGE: gettext_lazy("CĐ"),
    Degree.BACHELOR: gettext_lazy("ĐH"),
    Degree.MASTER: gettext_lazy("ThS"),
    Degree.DOCTOR: gettext_lazy("TS"),
}
THEORIES = {
    Theory.NONE: pgettext_lazy("trình độ", "chưa học LLCT"),
    Theory.ELEMENTARY: gettext_lazy("SC LLCT"),
    Theory.INTERMEDIATE: gettext_lazy("TC LLCT"),
    Theory.ADVANCED: gettext_lazy("CC LLCT"),
    Theory.BACHELOR: gettext_lazy("CN LLCT"),
}


def note_of(finding: Finding) -> str:
    """A few words about what is wrong with a person in a pool."""
    unclear = finding.outcome == Outcome.CANNOT_TELL
    code = finding.rule.code.split(".")[1]
    if code == "qualification":
        return _qualification(finding)
    if code == "evaluation":
        return _("chưa có xếp loại năm trước") if unclear else _("không hoàn thành nhiệm vụ")
    if code == "higher_title":
        return _("chưa rõ chức vụ hiện tại") if unclear else _("không cao hơn chức vụ đang giữ")
    words = {
        "discipline": _("đang bị kỷ luật"),
        "titles_per_person": _("%(n)s chức danh") % {"n": finding.measured.get("total")},
        "ballot": _("phiếu không đạt"),
    }
    return words.get(code, str(finding.rule.short).lower())


def _qualification(finding: Finding) -> str:
    """Which of degree and theory is short or unknown."""
    parts = []
    for key, scale, name in (
        ("degree", Degree, _("chuyên môn")),
        ("theory", Theory, _("LLCT")),
    ):
        need, has = finding.required.get(f"min_{key}"), finding.measured.get(key)
        if need is None:
            continue
        if has is None:
            parts.append(_("%(what)s chưa rõ") % {"what": name})
        elif scale[has.upper()] < scale[need.upper()]:
            parts.append(
                _("cần %(what)s %(level)s")
                % {"what": name, "level": str(scale[need.upper()].label).lower()}
            )
    return ", ".join(parts) or str(finding.rule.short).lower()


# ---- Findings --------------------------------------------------------------------------------


class Cards:
    """Findings as cards: one a rule, subjects of one rule and outcome together."""

    def __init__(
        self,
        findings: Sequence[Finding],
        board: _Board,
        since: dict[tuple[int, int, str], dt.date],
        waivers: Sequence[reads.WaiverNote],
    ) -> None:
        self.board, self.since, self.waivers = board, since, waivers
        self.groups: dict[tuple[SubjectKind, str, Outcome], list[Finding]] = {}
        for finding in findings:
            key = (finding.kind, finding.rule.code, finding.outcome)
            self.groups.setdefault(key, []).append(finding)

    def context(self) -> dict[str, Any]:
        """Cards by outcome with their numbers; a rule is met where nobody fails or is unclear."""
        cards: dict[Outcome, list[dict[str, Any]]] = {outcome: [] for outcome in Outcome}
        worst: dict[tuple[SubjectKind, str], Outcome] = {}
        for kind, code, outcome in self.groups:
            worst[kind, code] = max(outcome, worst.get((kind, code), outcome))
        for (kind, code, outcome), found in self.groups.items():
            if outcome >= Outcome.CANNOT_TELL or outcome == worst[kind, code]:
                cards[outcome].append(self._card(found))
        return {
            "not_met": cards[Outcome.NOT_MET],
            "cannot_tell": cards[Outcome.CANNOT_TELL],
            "met": cards[Outcome.MET],
            "not_applicable": cards[Outcome.NOT_APPLICABLE],
        }

    def _card(self, found: Sequence[Finding]) -> dict[str, Any]:
        first = found[0]
        is_single = len(found) == 1
        is_open = first.outcome >= Outcome.CANNOT_TELL
        return {
            "anchor": _anchor(first),
            "outcome": first.outcome.code,
            "title": first.rule.title,
            "subject": _subject(first) if is_single else "",
            "aside": self._aside(found),
            "message": first.message if is_single else "",
            "lines": [] if is_single or not is_open else self._lines(found),
            "share": _share(first) if is_single else None,
            "bands": _bands(first) if is_single else None,
            "behind": self._behind(first) if is_single else [],
            "citations": list(first.citations),
            "needs_law": bool(first.rule.figures),
            "since": self._since(found) if is_open else None,
            "waivers": self._waived(found) if is_open else [],
        }

    def _lines(self, found: Sequence[Finding]) -> list[dict[str, Any]]:
        """The subjects of a card; a person of whom the same is said for two titles stands once."""
        lines: dict[tuple[str | None, str], dict[str, Any]] = {}
        for finding in found:
            labels = finding.labels
            of_person = labels.cadre_code is not None
            key = (labels.cadre_code if of_person else labels.title_code, finding.message)
            line = lines.setdefault(
                key,
                {
                    "name": labels.cadre_name or labels.title_name or "",
                    "titles": [],
                    "message": finding.message,
                    "url": self._person_url(finding),
                },
            )
            if of_person:
                line["titles"].append(labels.title_name)
        return list(lines.values())

    def _person_url(self, finding: Finding) -> str:
        person = self.board.people.get(finding.subject_id) if finding.kind == NOMINATION else None
        return links.cadre_url(person.code, self.board.as_of) if person and person.is_open else ""

    def _aside(self, found: Sequence[Finding]) -> str:
        kind, count = found[0].kind, len(found)
        if kind == POOL and count > 1:
            return ngettext("%(n)s chức danh", "%(n)s chức danh", count) % {"n": count}
        if kind == NOMINATION:
            people = len({f.labels.cadre_code for f in found})
            return ngettext("%(n)s người", "%(n)s người", people) % {"n": people}
        return ""

    def _since(self, found: Sequence[Finding]) -> dt.date | None:
        """The earliest day on which one of them was already so."""
        days = [
            self.since[place]
            for f in found
            if (place := (f.kind.value, f.subject_id, f.rule.code)) in self.since
        ]
        return min(days, default=None)

    def _waived(self, found: Sequence[Finding]) -> list[dict[str, Any]]:
        places = {(f.kind.value, f.subject_id) for f in found}
        return [
            {"document": each.document, "reason": each.reason, "until": each.until}
            for each in self.waivers
            if each.rule == found[0].rule.code and (each.subject is None or each.subject in places)
        ]

    def _behind(self, finding: Finding) -> list[dict[str, Any]]:
        """Who was counted: the people that make up the measured number, and the unknown ones."""
        if finding.kind == NOMINATION:
            return []
        test = _COUNTED.get(finding.rule.code)
        if test is None:
            return []
        rows: dict[str, list[dict[str, Any]]] = {"yes": [], "unknown": []}
        seen: set[int] = set()
        for person in self.board.people.values():
            if person.cadre_id in seen or (
                finding.kind == POOL and person.pool_id != finding.subject_id
            ):
                continue
            seen.add(person.cadre_id)
            counted = test(self.board.counts(person.nomination_id), finding)
            if counted is not False:
                url = links.cadre_url(person.code, self.board.as_of) if person.is_open else ""
                rows["unknown" if counted is None else "yes"].append(
                    {"name": person.name, "url": url}
                )
        heads = {"yes": _("Được tính (%(n)s)"), "unknown": _("Chưa rõ (%(n)s)")}
        return [
            {"label": heads[key] % {"n": len(people)}, "people": people}
            for key, people in rows.items()
            if people
        ]


def _is_young(counts: Any, finding: Finding) -> bool | None:
    age, limit = counts.get("age"), finding.required.get("age_below")
    return None if age is None else limit is not None and age < limit


_COUNTED = {
    "planning.young_share": _is_young,
    "planning.women_share": lambda counts, _finding: counts.get("woman"),
    "planning.openness": lambda counts, _finding: counts.get("external"),
}


def _anchor(finding: Finding) -> str:
    """Where a cell of the overview leads to; "" for what no column names."""
    for criterion in CRITERIA:
        if finding.rule.code in criterion.rules and finding.kind == criterion.kind:
            return criterion.key
    return ""


def _subject(finding: Finding) -> str:
    """What a card is about, where it is not the whole plan."""
    labels = finding.labels
    if finding.kind == NOMINATION:
        return f"{labels.cadre_name}, {labels.title_name}"
    return labels.title_name or ""


def _share(finding: Finding) -> dict[str, Any] | None:
    measured, required = finding.measured, finding.required
    if "part" not in measured or required.get("percent") is None or not measured["total"]:
        return None
    return {
        "part": measured["part"],
        "total": measured["total"],
        "percent": required["percent"],
        "unknown": measured.get("unknown") or 0,
    }


def _bands(finding: Finding) -> dict[str, Any] | None:
    if finding.rule.code != AGE_RULE or finding.required.get("young_below") is None:
        return None
    return {**finding.measured, **finding.required}


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
