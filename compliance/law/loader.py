"""Reads the law files beside this module and refuses whatever is doubtful in them.

A wrong figure in law data would pass every other test, so nothing here is lenient: docs/law.md
lists what is refused.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date
from functools import cache
from itertools import zip_longest
from pathlib import Path

from .catalogue import (
    BOUNDS,
    UNITS,
    Bound,
    Law,
    Level,
    Parameter,
    Silence,
    Source,
    Value,
)
from .fields import Fields, LawError, read_yaml
from .references import (
    check_order,
    read_citations,
    read_ethnic_groups,
    read_levels,
    read_sources,
)

FOLDER = Path(__file__).parent
ROOT_FILES = (
    "ethnic_groups.yaml",
    "grounds.yaml",
    "levels.yaml",
    "process.yaml",
    "retirement_age.yaml",
    "sources.yaml",
)
SEXES = ("male", "female")


@cache
def load_law() -> Law:
    """Return the law of this release. Raises LawError with everything that is not in order."""
    return read_law(FOLDER)


def read_law(folder: Path) -> Law:
    """Read and check a folder of law files. Raises LawError, for several files at once."""
    known_on, sources = read_sources(read_yaml(folder / "sources.yaml", "sources.yaml"))
    levels = read_levels(read_yaml(folder / "levels.yaml", "levels.yaml"), sources)
    groups, aliases = read_ethnic_groups(
        read_yaml(folder / "ethnic_groups.yaml", "ethnic_groups.yaml"), sources
    )
    figures = _Figures(sources, levels)
    problems: list[str] = []
    for path in sorted(path for path in folder.rglob("*") if path.suffix in (".yaml", ".yml")):
        name = path.relative_to(folder).as_posix()
        try:
            if name == "retirement_age.yaml":
                figures.read_retirement(read_yaml(path, name))
            elif name not in ROOT_FILES:
                figures.read_parameter_file(read_yaml(path, name), name)
        except LawError as error:
            problems += error.problems
    if problems:
        raise LawError(*problems)
    rank = {level: place for place, level in enumerate(levels)}
    law = Law(
        parameters=dict(sorted(figures.parameters.items())),
        sources=sources,
        levels=levels,
        ethnic_groups=groups,
        ethnic_aliases=aliases,
        known_on=known_on,
        fingerprint="",
        all_values=tuple(sorted(figures.values, key=lambda value: _order(value, rank))),
        all_silences=tuple(sorted(figures.silences, key=lambda silence: _order(silence, rank))),
        _retirement=figures.retirement,
    )
    return replace(law, fingerprint=_fingerprint(law))


class _Figures:
    """Collects parameters and their dated values, checking each entry against those before it."""

    def __init__(self, sources: dict[str, Source], levels: dict[str, Level]) -> None:
        self.sources = sources
        self.levels = levels
        self.parameters: dict[str, Parameter] = {}
        self.values: list[Value] = []
        self.silences: list[Silence] = []
        self.retirement: dict[str, dict[int, int]] = {}

    def read_parameter_file(self, file: Fields, name: str) -> None:
        """Read one parameter with its values; the file is named after it."""
        identifier = file.take("id", str)
        if name != file_name(identifier):
            raise file.error(f"{identifier} belongs in {file_name(identifier)}")
        self._add_parameter(file, identifier)
        for entry in file.children("values"):
            self._read_entry(entry, identifier)
        file.close()

    def _add_parameter(self, file: Fields, identifier: str, *, targets: bool = True) -> None:
        parameter = Parameter(
            id=identifier,
            label=file.take("label", str),
            short_label=file.take("short_label", str),
            unit=file.one_of("unit", UNITS),
            bound=file.one_of("bound", BOUNDS),
            phrase=file.take("phrase", str),
            note=file.text("note"),
            accepts_targets=targets,
        )
        if identifier in self.parameters:
            raise file.error(f"the parameter {identifier} stands twice")
        if parameter.bound != bound_of(identifier):
            raise file.error(f"bound should be {bound_of(identifier)}, as the id says")
        if parameter.phrase.count("{value}") != 1:
            raise file.error("phrase should contain {value} once")
        self.parameters[identifier] = parameter

    def _read_entry(self, entry: Fields, parameter: str) -> None:
        """Read one dated entry: figures of several levels; null says that there is none."""
        start, end = entry.take("from", date), entry.maybe("to", date)
        figures, ends = entry.mapping("levels"), entry.mapping("to_by_level")
        citations = read_citations(entry, self.sources)
        suggested = entry.maybe("suggested", int)
        overlaps, outside = entry.text("overlaps"), entry.text("outside_source")
        note = " ".join(filter(None, (entry.text("note"), overlaps, outside)))
        entry.close()
        if not figures:
            raise entry.error("levels is missing")
        if not citations and any(figure is not None for figure in figures.values()):
            raise entry.error("a value needs a citation")
        if suggested is not None and None not in figures.values():
            raise entry.error("suggested stands beside null only")
        if not ends.keys() <= figures.keys():
            raise entry.error("to_by_level names a level that is not under levels")
        values: list[Value] = []
        silences: list[Silence] = []
        for level, figure in figures.items():
            last = self._last_day(entry, level, end, ends.get(level, end))
            if figure is None:
                silences.append(Silence(parameter, level, start, last, suggested, citations, note))
            elif type(figure) is int and figure > 0:
                values.append(Value(parameter, level, figure, start, last, citations, note))
            else:
                raise entry.error(f"{level} should be a whole number or null, not {figure!r}")
        self._add(entry, values, silences, overlaps=bool(overlaps), outside=bool(outside))

    def _last_day(self, entry: Fields, level: str, end: date | None, last: object) -> date | None:
        """Return the last day of an entry at a level, which is never after the level's own."""
        if level not in self.levels:
            raise entry.error(f"the level {level!r} is unknown")
        if last is not None and type(last) is not date:
            raise entry.error(f"to_by_level of {level} should be a date, not {last!r}")
        check_order(entry, last, end)
        gone = self.levels[level].in_force_to
        if gone is not None and (last is None or last > gone):
            raise entry.error(f"there is no {level} level after {gone}; set to_by_level")
        return last

    def _add(
        self,
        entry: Fields,
        values: Sequence[Value],
        silences: Sequence[Silence] = (),
        *,
        overlaps: bool = False,
        outside: bool = False,
    ) -> None:
        """Keep an entry. An exception that is declared has to be one, or it would hide a slip."""
        entries: list[Value | Silence] = [*values, *silences]
        for new in entries:
            check_order(entry, new.in_force_from, new.in_force_to)
            if any(_key(new) == _key(other) for other in self._entries()):
                raise entry.error(f"{new.level} has two entries from {new.in_force_from}")
        overlapping = [problem for new in entries if (problem := self._overlap(new))]
        if overlapping and not overlaps:
            raise entry.error(overlapping[0])
        if overlaps and not overlapping:
            raise entry.error("overlaps is given, but nothing overlaps an entry above")
        strangers = [problem for new in values if (problem := self._outside_source(new))]
        if strangers and not outside:
            raise entry.error(strangers[0])
        if outside and not strangers:
            raise entry.error("outside_source is given, but the sources cover the values")
        self.values += values
        self.silences += silences

    def _entries(self) -> list[Value | Silence]:
        return [*self.values, *self.silences]

    def _overlap(self, new: Value | Silence) -> str:
        """Say which earlier entry answers for the same days, or nothing."""
        for other in self._entries():
            if (new.parameter, new.level) == (other.parameter, other.level) and (
                new.covers(other.in_force_from) or other.covers(new.in_force_from)
            ):
                return (
                    f"{new.level} overlaps the entry from {other.in_force_from}; end one of them,"
                    " or give the reason under overlaps: the later start wins"
                )
        return ""

    def _outside_source(self, value: Value) -> str:
        """Say what of a value lies outside the known life of its documents, or nothing."""
        for source in (self.sources[cited.source] for cited in value.citations):
            start, end = source.in_force_from, source.in_force_to
            if start is not None and value.in_force_from < start:
                return f"{value.level} is dated before {source.id} is in force ({start})"
            if end is not None and (value.in_force_to is None or value.in_force_to > end):
                return f"{value.level} goes on after {source.id} ended ({end})"
        return ""

    def read_retirement(self, file: Fields) -> None:
        """Read the retirement ages: one parameter a sex, one value for the years of one age."""
        identifier = file.take("id", str)
        for fields in file.children("parameters"):
            sex = fields.one_of("sex", SEXES)
            self._add_parameter(fields, f"{identifier}.{sex}", targets=False)
            fields.close()
            self.retirement[sex] = {}
        if tuple(self.retirement) != SEXES:
            raise file.error(f"parameters should be one each for {', '.join(SEXES)}")
        for period in file.children("periods"):
            self._read_retirement_period(period, identifier)
        file.close()

    def _read_retirement_period(self, period: Fields, identifier: str) -> None:
        """Read the ages that one set of documents gives."""
        start, end = period.take("from", date), period.maybe("to", date)
        check_order(period, start, end)
        citations, note = read_citations(period, self.sources), period.text("note")
        if not citations:
            raise period.error("a value needs a citation")
        months = period.child("months")
        for sex in SEXES:
            parameter, steps = f"{identifier}.{sex}", _steps(months, sex)
            if steps.keys() & self.retirement[sex].keys():
                raise months.error(f"a year of {sex} stands in two periods")
            if end is not None and max(steps, default=0) > end.year:
                raise months.error(f"{sex} {max(steps)} is after the period")
            self.retirement[sex] |= steps
            for age, first, last in _spans(steps, start, end):
                values = [
                    Value(parameter, level, age, first, until, citations, note)
                    for level, until in self._levels_between(first, last)
                ]
                self._add(period, values)
        months.close()
        period.close()

    def _levels_between(self, start: date, end: date | None) -> Iterator[tuple[str, date | None]]:
        """Give each level that exists on `start`, with `end` or its own last day before that."""
        for level in self.levels.values():
            if level.exists(start):
                ends = [day for day in (end, level.in_force_to) if day is not None]
                yield level.code, min(ends, default=None)


def file_name(parameter: str) -> str:
    """Return where a parameter is kept: `a.b.c` in `a/b_c.yaml`."""
    group, _, rest = parameter.partition(".")
    return f"{group}/{rest.replace('.', '_')}.yaml"


def bound_of(parameter: str) -> Bound:
    """Return which way is stricter, as the name of a parameter says (CONTRACT section 3)."""
    if "minimum" in parameter:
        return "minimum"
    return "maximum" if "maximum" in parameter else "limit"


def _steps(months: Fields, sex: str) -> dict[int, int]:
    """Return ages in months by the year from which they hold."""
    steps = months.mapping(sex)
    for year, age in steps.items():
        if not (type(year) is int and type(age) is int and age > 0):
            raise months.error(f"{sex} {year!r}: {age!r} is not a year and a number of months")
    return dict(sorted(steps.items()))


def _spans(
    steps: dict[int, int], start: date, end: date | None
) -> Iterator[tuple[int, date, date | None]]:
    """Give each age with its first and last day, within a period."""
    years = list(steps)
    for year, following in zip_longest(years, years[1:]):
        last = end if following is None else date(following - 1, 12, 31)
        yield steps[year], max(start, date(year, 1, 1)), last


def _key(entry: Value | Silence) -> tuple[str, str, date]:
    return entry.parameter, entry.level, entry.in_force_from


def _order(entry: Value | Silence, rank: dict[str, int]) -> tuple[str, date, int]:
    return entry.parameter, entry.in_force_from, rank[entry.level]


def _fingerprint(law: Law) -> str:
    """Return the SHA-256 of everything that the law says."""
    content = asdict(law)
    del content["fingerprint"], content["known_on"]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=date.isoformat)
    return hashlib.sha256(text.encode()).hexdigest()
