"""What a rule file declares. A rule file imports nothing else of ours."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict

from compliance.choices import SubjectKind

Sentence = Callable[[Mapping[str, Any], Mapping[str, Any], str], str]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule of CONTRACT section 3, declared once.

    Every SQL fragment may use the facts of its subject kind, the names in `counts` and `cuts`, and
    the names in `figures`; NULL is unknown. The verdict is `not_applicable` where a needed figure
    is missing or `applies` is not true, else `met` where `sure` is true, else `cannot_tell` where
    `possible` is true, else `not_met`.
    """

    code: str
    """`<app>.<rule>`; never reused."""
    title: str
    """What the rule is called on pages."""
    short: str
    """Head of a narrow column."""
    kinds: tuple[SubjectKind, ...]
    figures: Mapping[str, str] = field(default_factory=dict)
    """Name of a figure -> legal parameter."""
    figures_needed: Callable[[list[bool]], bool] = all
    """Are enough of the figures known? `all` or `any`."""
    cuts: Mapping[str, str] = field(default_factory=dict)
    """Values derived from figures and the date once per unit; types as SQL gives them."""
    counts: Mapping[str, str] = field(default_factory=dict)
    """Flags over the nominees of a plan or pool, each counted where true."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """Measured values that are worked out only for subjects that are stored."""
    ages: tuple[str, ...] = ()
    """Figures that are ages: on those birthdays and a year later the person is looked at again."""
    turns: str = ""
    """Facts of a group and the days %(since)s, %(d)s: where the calendar alone may change it."""
    only: Mapping[SubjectKind, str] = field(default_factory=dict)
    """Subjects of the rule among those of a kind; elsewhere there is no verdict at all."""
    applies: str = "true"
    sure: str
    possible: str
    measured: Mapping[str, str] = field(default_factory=dict)
    """Key in a finding -> count or fact."""
    required: Mapping[str, str] = field(default_factory=dict)
    """Key in a finding -> figure or fact."""
    sensitive: bool = False
    """Does a finding tell of data that only roles which need them may see?"""
    scales: Mapping[str, type] = field(default_factory=dict)
    """Key -> IntegerChoices whose member name is shown instead of the number."""
    sentence: Sentence
    """(measured, required, outcome code) -> one Vietnamese sentence a person can act on."""


class ShareVerdict(TypedDict):
    """The three conditions of a share rule."""

    applies: str
    sure: str
    possible: str


def share(part: str, unknown: str, percent: str) -> ShareVerdict:
    """`sure` and `possible` of "part of total is at least percent %", in whole numbers."""
    return {
        "applies": "total > 0",
        "sure": f"{part} * 100 >= {percent} * total",
        "possible": f"({part} + {unknown}) * 100 >= {percent} * total",
    }
