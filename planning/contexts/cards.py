"""Findings on a plan as cards, and how they would be after changes that are not saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cadre_portal.templatetags import formats
from compliance.choices import Outcome, SubjectKind
from compliance.citations import citations_shown
from compliance.engine.findings import Finding
from planning.drafting import Key
from planning.selectors import plans as reads
from planning.selectors.stored import CRITERIA

PLAN, POOL, NOMINATION = SubjectKind.PLAN, SubjectKind.POOL, SubjectKind.NOMINATION
AGE_RULE = "planning.three_age_bands"

#: What a finding is about, the same before and after: a person by pool, else the subject itself.
Place = tuple[SubjectKind, int | Key, str]


class People(Protocol):
    """Who is in the plan, with the facts that they were judged by."""

    people: Mapping[int, reads.Nominee]

    def counts(self, nomination_id: int) -> Any:
        """The facts that a person was judged by."""

    def cadre_url(self, code: str) -> str:
        """The file of somebody."""

    def fits_url(self, finding: Finding) -> str:
        """Who could mend it by joining; "" where nobody could, or not by this reader."""


def place_of(finding: Finding, keys: Mapping[int, Key]) -> Place:
    """Where a finding stands; `keys`: of nominations, proposed ones included."""
    if finding.kind == NOMINATION:
        return NOMINATION, keys[finding.subject_id], finding.rule.code
    return finding.kind, finding.subject_id, finding.rule.code


def totals(findings: Sequence[Finding]) -> dict[str, int]:
    """How many cards there are by outcome; a rule is met where nobody fails or is unclear."""
    found = {(each.kind, each.rule.code, each.outcome) for each in findings}
    worst: dict[tuple[SubjectKind, str], Outcome] = {}
    for kind, code, outcome in found:
        worst[kind, code] = max(outcome, worst.get((kind, code), outcome))
    outcomes = [
        outcome
        for kind, code, outcome in found
        if outcome >= Outcome.CANNOT_TELL or outcome == worst[kind, code]
    ]
    wanted = (Outcome.NOT_MET, Outcome.CANNOT_TELL, Outcome.MET)
    return {outcome.code: outcomes.count(outcome) for outcome in wanted}


class Cards:
    """Findings as cards: one a rule, subjects of one rule, outcome and change together.

    `before`: what was found before the unsaved changes, by place; empty where nothing is unsaved.
    """

    def __init__(
        self,
        findings: Sequence[Finding],
        board: People,
        keys: Mapping[int, Key],
        since: Mapping[tuple[int, int, str], dt.date],
        waivers: Sequence[reads.WaiverNote],
        before: Mapping[Place, Finding],
    ) -> None:
        self.board, self.since, self.waivers = board, since, waivers
        self.before, self.keys = before, keys
        self.groups: dict[tuple[SubjectKind, str, Outcome, str], list[Finding]] = {}
        for finding in findings:
            key = (finding.kind, finding.rule.code, finding.outcome, self._turn(finding))
            self.groups.setdefault(key, []).append(finding)

    def _turn(self, finding: Finding) -> str:
        """What the unsaved changes did: "better", "worse", "" for nothing that one looks for."""
        if not self.before:
            return ""
        was = self._was(finding)
        outcome = was.outcome if was else Outcome.NOT_APPLICABLE
        if finding.outcome == outcome:
            return ""
        if finding.outcome >= Outcome.CANNOT_TELL:
            return "worse" if finding.outcome > outcome else "better"
        return "better" if outcome >= Outcome.CANNOT_TELL else ""

    def _was(self, finding: Finding) -> Finding | None:
        return self.before.get(place_of(finding, self.keys))

    def context(self) -> dict[str, Any]:
        """Cards by what changed and by outcome."""
        cards: dict[str, list[dict[str, Any]]] = {
            name: []
            for name in ("worse", "better", "not_met", "cannot_tell", "met", "not_applicable")
        }
        worst: dict[tuple[SubjectKind, str], Outcome] = {}
        for kind, code, outcome, _turn in self.groups:
            worst[kind, code] = max(outcome, worst.get((kind, code), outcome))
        for (kind, code, outcome, turn), found in self.groups.items():
            if turn == "worse" or (turn and outcome == Outcome.MET):
                cards[turn].append(self._card(found))
            elif outcome >= Outcome.CANNOT_TELL or outcome == worst[kind, code]:
                cards[outcome.code].append(self._card(found))
        return cards

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
            "change": self._change(first) if is_single else None,
            "nearer": self._nearer(first) if is_single and is_open else "",
            "was": self._was_words(first) if is_single else "",
            "message": first.message if is_single else "",
            "lines": [] if is_single or not is_open else self._lines(found),
            "share": _share(first, self._was(first)) if is_single else None,
            "bands": _bands(first, self._was(first)) if is_single else None,
            "behind": self._behind(first) if is_single else [],
            "citations": citations_shown(first.citations),
            "needs_law": bool(first.rule.figures),
            "since": self._since(found) if is_open else None,
            "waivers": self._waived(found) if is_open else [],
            "fits_url": self.board.fits_url(first) if is_single and is_open else "",
        }

    def _change(self, finding: Finding) -> dict[str, str] | None:
        """The outcome before and after, where it is another one."""
        was = self._was(finding)
        if was is None or was.outcome == finding.outcome:
            return None
        return {"before": was.outcome.code, "after": finding.outcome.code}

    def _nearer(self, finding: Finding) -> str:
        """Whether what still does not hold came nearer or went further off."""
        was, measure = self._was(finding), _DISTANCES.get(finding.rule.code)
        if (
            was is None
            or measure is None
            or Outcome.NOT_APPLICABLE in (was.outcome, finding.outcome)
        ):
            return ""
        step = measure(finding) - measure(was)
        return "" if not step else _("gần hơn") if step < 0 else _("xa hơn")

    def _was_words(self, finding: Finding) -> str:
        """What was measured before, where it is something else."""
        was = self._was(finding)
        words = _measured_words(was) if was else ""
        return words if words != _measured_words(finding) else ""

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
        return self.board.cadre_url(person.code) if person and person.is_open else ""

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
            if counted or counted is None:
                url = self.board.cadre_url(person.code) if person.is_open else ""
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


def _share(finding: Finding, was: Finding | None) -> dict[str, Any] | None:
    measured, required = finding.measured, finding.required
    if "part" not in measured or required.get("percent") is None or not measured["total"]:
        return None
    share = {
        "part": measured["part"],
        "total": measured["total"],
        "percent": required["percent"],
        "unknown": measured.get("unknown") or 0,
    }
    if was is None or not was.measured.get("total") or was.measured == measured:
        return share
    then = {"part": was.measured["part"], "total": was.measured["total"]}
    return {**share, **then, "after_part": measured["part"], "after_total": measured["total"]}


def _bands(finding: Finding, was: Finding | None) -> dict[str, Any] | None:
    if finding.rule.code != AGE_RULE or finding.required.get("young_below") is None:
        return None
    filled = [
        band for band in _BANDS if was and not was.measured.get(band) and finding.measured.get(band)
    ]
    return {**finding.measured, **finding.required, "added": next(iter(filled), "")}


# ---- Before and after ------------------------------------------------------------------------

_BANDS = ("young", "middle", "senior")


def _measured_words(finding: Finding) -> str:
    measured = finding.measured
    if finding.rule.code == AGE_RULE:
        return " · ".join(str(measured[band]) for band in _BANDS)
    if finding.rule.code == "planning.openness" or ("total" in measured and "part" not in measured):
        return formats.number(measured.get("part", measured["total"]))
    if measured.get("total") and "part" in measured:
        share = formats.percent(measured["part"], measured["total"])
        return f"{measured['part']}/{measured['total']} ({share})"
    return ""


def _short_of_share(finding: Finding) -> float:
    total = finding.measured["total"] or 1
    return max(finding.required["percent"] - 100 * finding.measured["part"] / total, 0)


def _off_bounds(finding: Finding) -> float:
    low, high = bounds(finding)
    total = finding.measured["total"]
    return max((low or 0) - total, 0) + (max(total - high, 0) if high is not None else 0)


#: Rules that somebody more may mend.
MENDED_BY_JOINING = frozenset(
    {
        AGE_RULE,
        "planning.young_share",
        "planning.women_share",
        "planning.minority_share",
        "planning.openness",
        "planning.candidates_per_title",
        "planning.committee_coefficient",
    }
)

#: How far a plan or pool is from what a rule asks; nearer to 0 is better.
_DISTANCES: dict[str, Callable[[Finding], float]] = {
    AGE_RULE: lambda found: sum(not found.measured[band] for band in _BANDS),
    "planning.young_share": _short_of_share,
    "planning.women_share": _short_of_share,
    "planning.minority_share": _short_of_share,
    "planning.openness": lambda found: max(found.required["minimum"] - found.measured["part"], 0),
    "planning.candidates_per_title": _off_bounds,
    "planning.committee_coefficient": _off_bounds,
}


def bounds(finding: Finding | None) -> tuple[int | None, int | None]:
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
