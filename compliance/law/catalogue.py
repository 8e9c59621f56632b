"""The law as dated data: what the documents say, from when to when, and how sure we are.

Pure Python: no database, no clock. Every question takes the date it is asked for.
`loader` reads these objects from the YAML files beside this module; docs/law.md tells how the
files are kept and changed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal, TypeAlias, TypedDict, TypeVar

Confidence: TypeAlias = Literal["read", "second-hand", "recalled"]
Bound: TypeAlias = Literal["minimum", "maximum", "limit"]

Dated = TypeVar("Dated", "Value", "Silence")

CONFIDENCES: tuple[Confidence, ...] = ("read", "second-hand", "recalled")  # surest first
BOUNDS: tuple[Bound, ...] = ("minimum", "maximum", "limit")
UNITS = (
    "percent", "years", "months", "people", "titles", "terms", "days", "working_days", "thirds",
)  # fmt: skip


class CitationFields(TypedDict):
    """A citation as it is copied into findings (CONTRACT section 3)."""

    source: str
    at: str | None
    confidence: Confidence


@dataclass(frozen=True)
class Source:
    """A document that law data cites.

    An unknown date is None with its `..._unknown` flag set; an open end is None without it.
    `issued` is an ISO date, or a bare year where only the year is on hand.
    """

    id: str
    number: str | None
    title: str
    issued: str | None
    in_force_from: date | None
    in_force_from_unknown: bool
    in_force_to: date | None
    in_force_to_unknown: bool
    replaces: tuple[str, ...]
    replaces_other: str
    confidence: Confidence
    local: bool
    note: str

    @property
    def reference(self) -> str:
        """The number as officials write it, with the year: several documents share a number."""
        if self.number is None:
            return self.title
        year = self.issued[:4] if self.issued else ""
        return self.number if year in self.number else f"{self.number} ({year})"


@dataclass(frozen=True)
class Citation:
    """Where a value stands. `at` is the article or clause, None when it is not on hand.

    `via` is the source through which the document is known when its own text was not read.
    """

    source: str
    at: str | None
    confidence: Confidence
    via: str | None = None

    def as_dict(self) -> CitationFields:
        """Return the three fields of the contract, ready for JSON."""
        return {"source": self.source, "at": self.at, "confidence": self.confidence}


@dataclass(frozen=True)
class Value:
    """What the law asks at one level, from `in_force_from` to `in_force_to`, both days inside."""

    parameter: str
    level: str
    value: int
    in_force_from: date
    in_force_to: date | None
    citations: tuple[Citation, ...]
    note: str = ""

    @property
    def confidence(self) -> Confidence:
        """Return the weakest confidence among the citations."""
        return max((cited.confidence for cited in self.citations), key=CONFIDENCES.index)

    def covers(self, on: date) -> bool:
        """Is the value in force on that day?"""
        return _covers(self.in_force_from, self.in_force_to, on)


@dataclass(frozen=True)
class Silence:
    """A time in which no document is known to name a figure at this level.

    `suggested` is for the settings page only: it is not law and nothing may apply it.
    """

    parameter: str
    level: str
    in_force_from: date
    in_force_to: date | None
    suggested: int | None
    citations: tuple[Citation, ...]
    note: str = ""

    def covers(self, on: date) -> bool:
        """Does the silence hold on that day?"""
        return _covers(self.in_force_from, self.in_force_to, on)


@dataclass(frozen=True)
class Parameter:
    """A figure that the law may name. `phrase` is how a value reads, with `{value}` in it."""

    id: str
    label: str
    short_label: str
    unit: str
    bound: Bound
    phrase: str
    note: str
    accepts_targets: bool

    @property
    def group(self) -> str:
        """Return the first word of the id: planning, rotation, evaluation..."""
        return self.id.partition(".")[0]

    def text(self, value: int) -> str:
        """Write a value for a reader, e.g. `≥ 25 %`."""
        return self.phrase.format(value=value)


@dataclass(frozen=True)
class Level:
    """A level of the system. `in_force_to` is its last day, None while it exists."""

    code: str
    in_force_to: date | None
    citations: tuple[Citation, ...]

    def exists(self, on: date) -> bool:
        """Is there such a level on that day?"""
        return self.in_force_to is None or on <= self.in_force_to


@dataclass(frozen=True)
class EthnicGroup:
    """One entry of the list of ethnic groups (two-digit code)."""

    code: str
    name: str
    is_minority: bool


@dataclass(frozen=True, eq=False)  # one object for all: compared by identity, hashable
class Law:
    """Everything in the law files, checked. Get it from `load_law`."""

    parameters: Mapping[str, Parameter]
    sources: Mapping[str, Source]
    levels: Mapping[str, Level]
    ethnic_groups: Mapping[str, EthnicGroup]
    ethnic_aliases: Mapping[str, str]
    """Names used beside the official ones -> code."""
    known_on: date
    """The day up to which the documents were followed."""
    fingerprint: str
    """SHA-256 of all that the law says: a figure, date, citation or label; not of comments."""
    all_values: tuple[Value, ...]
    all_silences: tuple[Silence, ...]
    _retirement: Mapping[str, Mapping[int, int]]

    @cached_property
    def _values(self) -> dict[str, tuple[Value, ...]]:
        return {
            name: tuple(value for value in self.all_values if value.parameter == name)
            for name in self.parameters
        }

    def values(self, parameter: str) -> tuple[Value, ...]:
        """Return all values of a parameter, oldest first. Raises KeyError if there is no such."""
        return self._values[parameter]

    def silences(self, parameter: str) -> tuple[Silence, ...]:
        """Return the times in which a parameter is known to have no figure, oldest first."""
        return tuple(silence for silence in self.all_silences if silence.parameter == parameter)

    def in_force(self, parameter: str, level: str, on: date) -> Value | None:
        """Return the value in force on that day, or None: then the law has no figure.

        Of overlapping values the one with the later start wins. Raises KeyError for an unknown
        parameter or level.
        """
        return _latest(self._values[parameter], self.levels[level].code, on)

    def silence(self, parameter: str, level: str, on: date) -> Silence | None:
        """Return what is known about the lack of a value on that day, if anything is."""
        return _latest(self.silences(parameter), self.levels[level].code, on)

    def in_force_all(self, on: date) -> tuple[Value, ...]:
        """Return the values in force on that day, by parameter, then from central to commune."""
        found = (
            self.in_force(parameter, level, on)
            for parameter in self.parameters
            for level in self.levels
        )
        return tuple(value for value in found if value is not None)

    def retirement_months(self, sex: str) -> dict[int, int]:
        """Return the retirement age in months by the year from which it holds.

        Each holds until the next entry; the first also serves all earlier years. `sex` is `male`
        or `female`, KeyError otherwise.
        """
        return dict(self._retirement[sex])


def _covers(start: date, end: date | None, on: date) -> bool:
    return start <= on and (end is None or on <= end)


def _latest(entries: Iterable[Dated], level: str, on: date) -> Dated | None:
    matching = [entry for entry in entries if entry.level == level and entry.covers(on)]
    return max(matching, key=lambda entry: entry.in_force_from, default=None)
