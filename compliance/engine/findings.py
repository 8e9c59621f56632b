"""Stored verdicts as findings that people and other programs read."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from cadre_portal.templatetags import formats
from compliance.choices import Outcome, SubjectKind
from compliance.engine.registry import rules_of
from compliance.engine.rule import Rule


@dataclass(frozen=True)
class Labels:
    """What a subject is called. What does not apply is None."""

    unit_code: str | None = None
    unit_name: str | None = None
    term: str | None = None
    title_code: str | None = None
    title_name: str | None = None
    cadre_code: str | None = None
    cadre_name: str | None = None
    year: int | None = None
    start_on: date | None = None

    @classmethod
    def from_json(cls, text: str) -> "Labels":
        """Labels as a snapshot keeps them."""
        values = json.loads(text)
        start_on = values.pop("start_on", None)
        return cls(start_on=date.fromisoformat(start_on) if start_on else None, **values)


@dataclass(frozen=True)
class Verdict:
    """One row of verdicts on a subject, with the figures that were applied."""

    kind: SubjectKind
    group_id: int
    subject_id: int
    unit_id: int
    outcomes: Sequence[int | None]
    counts: Mapping[str, Any]
    figures: Mapping[str, int | None]
    citations: Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class Finding:
    """The verdict of one rule on one subject."""

    rule: Rule
    kind: SubjectKind
    group_id: int
    subject_id: int
    unit_id: int
    outcome: Outcome
    measured: Mapping[str, Any]
    required: Mapping[str, Any]
    citations: tuple[Mapping[str, Any], ...]
    labels: Labels
    counts: Mapping[str, Any] = field(repr=False)
    since: date | None = None

    @cached_property
    def message(self) -> str:
        """One Vietnamese sentence with the measured and the required number in it."""
        if self.outcome == Outcome.NOT_APPLICABLE:
            return NOT_APPLICABLE
        return formats.unbroken(self.rule.sentence(self.measured, self.required, self.outcome.code))

    def as_json(self, as_of: date) -> dict[str, Any]:
        """The finding in the shape of CONTRACT section 3."""
        labels = self.labels
        return {
            "as_of": as_of.isoformat(),
            "rule": self.rule.code,
            "subject": self.kind.code,
            "unit": labels.unit_code,
            "term": labels.term,
            "title": labels.title_code,
            "cadre": labels.cadre_code,
            "year": labels.year,
            "start_on": labels.start_on.isoformat() if labels.start_on else None,
            "outcome": self.outcome.code,
            "measured": dict(self.measured),
            "required": dict(self.required),
            "citations": [dict(citation) for citation in self.citations],
            "message": self.message,
        }


NOT_APPLICABLE = "Chưa có căn cứ để xét ở cấp này vào ngày xét, hoặc không có gì để xét."


def expand(verdict: Verdict, labels: Labels) -> Iterator[Finding]:
    """Every finding of a row of verdicts, in the order of the rules."""
    rules = rules_of(verdict.kind)
    for rule, outcome in zip(rules, verdict.outcomes, strict=False):
        if outcome is not None:
            yield finding(verdict, labels, rule, Outcome(outcome))


def finding(verdict: Verdict, labels: Labels, rule: Rule, outcome: Outcome) -> Finding:
    """The finding of one rule in a row of verdicts."""
    return Finding(
        rule=rule,
        kind=verdict.kind,
        group_id=verdict.group_id,
        subject_id=verdict.subject_id,
        unit_id=verdict.unit_id,
        outcome=outcome,
        measured={key: _shown(rule, key, verdict, name) for key, name in rule.measured.items()},
        required={key: _shown(rule, key, verdict, name) for key, name in rule.required.items()},
        citations=_cited(rule, verdict),
        labels=labels,
        counts=verdict.counts,
    )


def _shown(rule: Rule, key: str, verdict: Verdict, name: str) -> Any:
    """A count, fact or figure as the contract shows it."""
    value = verdict.figures.get(name) if name in rule.figures else verdict.counts.get(name)
    scale = rule.scales.get(key)
    if scale is None or value is None:
        return value
    word = scale(value).name
    return word if scale.__name__ == "Grade" else word.lower()


def _cited(rule: Rule, verdict: Verdict) -> tuple[Mapping[str, Any], ...]:
    """Where the figures of a rule come from, each document and article once."""
    seen: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for name in rule.figures:
        for citation in verdict.citations.get(name, ()):
            seen.setdefault((citation["source"], citation["at"]), citation)
    return tuple(seen.values())
