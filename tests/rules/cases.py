"""Reads `cases/<rule>.yaml`, which a lawyer can read and write: docs/adding-a-rule.md tells how.

A case describes one unit (`DV`), one title (`CD`), one term (`NK`) and a few people (`CB1`, ...);
what it leaves out has a usual value. A key that is not known here is an error, so that a
misspelt word never makes a case test nothing.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import yaml

from tests.rules.records import (
    Appointment,
    Ballot,
    Cadre,
    Discipline,
    Evaluation,
    Nomination,
    PartialDate,
    Plan,
    Position,
    Province,
    Rotation,
    Target,
    Term,
    Title,
    Unit,
)

#: The parser in C where there is one: every test process reads all cases.
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

FOLDER = Path(__file__).parent / "cases"

UNIT, TITLE, TERM = "DV", "CD", "NK"
LONG_AGO = dt.date(2012, 1, 1)

_FILE = {"rule", "about", "defaults", "cases"}
_CASE = {
    "name",
    "as_of",
    "subject",
    "level",
    "parent",
    "units",
    "title",
    "titles",
    "prescribed",
    "term",
    "terms",
    "plan",
    "plans",
    "people",
    "targets",
    "expect",
}
_EXPECT = {"outcome", "measured", "required", "sources"}
_OUTCOMES = {"met", "not_met", "cannot_tell", "not_applicable", "none"}
_PERSON = {
    *(f.name for f in fields(Cadre)),
    "count",
    "age",
    "nominated",
    "appointments",
    "grades",
    "disciplines",
    "ballots",
    "rotations",
} - {"code"}

#: Kind of title that a rule is about, and the subject that a case is about by default.
_COMMITTEE = {"planning.committee_coefficient"}
_SUBJECT = {
    "planning.three_age_bands": "plan",
    "planning.young_share": "plan",
    "planning.women_share": "plan",
    "planning.minority_share": "plan",
    "planning.openness": "plan",
    "planning.annual_review": "plan",
    "planning.lineage": "plan",
    "planning.candidates_per_title": "pool",
    "planning.committee_coefficient": "pool",
    "rotation.in_plan": "rotation",
    "rotation.remaining_service": "rotation",
    "rotation.duration": "rotation",
    "rotation.non_local_head": "appointment",
    "rotation.head_terms": "appointment",
    "evaluation.top_grade": "unit_year",
}


class CaseError(ValueError):
    """A case file that cannot be read as it stands."""


@dataclass(frozen=True)
class Case:
    """One case: a province, a day, and what the rule has to say about one subject."""

    rule: str
    name: str
    as_of: dt.date
    subject: str
    province: Province
    expect: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.rule}: {self.name}"

    def found_in(self, findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the findings on the subject of the case: that of `DV`, `CD`, `NK` and `CB1`."""
        personal = self.subject in {"nomination", "rotation", "appointment"}
        wanted: dict[str, Any] = {"rule": self.rule, "subject": self.subject, "unit": UNIT}
        if personal:
            wanted["cadre"] = "CB1"
        if personal or self.subject == "pool":
            wanted["title"] = TITLE
        if self.subject in {"plan", "pool", "nomination"}:
            wanted["term"] = TERM
        return [f for f in findings if all(f[key] == value for key, value in wanted.items())]

    def problem(self, findings: list[dict[str, Any]]) -> str:
        """Say in what the findings differ from what is expected; empty when they do not."""
        found = self.found_in(findings)
        if self.expect["outcome"] == "none":
            said = [f for f in found if f["outcome"] != "not_applicable"]
            return f"expected no verdict, found {said}" if said else ""
        if len(found) != 1:
            return f"expected one finding, found {found}"
        got = {
            **{key: found[0][key] for key in ("outcome", "measured", "required")},
            "sources": sorted({citation["source"] for citation in found[0]["citations"]}),
        }
        wrong = [key for key, value in self.expect.items() if got[key] != value]
        return "; ".join(f"{key}: expected {self.expect[key]}, found {got[key]}" for key in wrong)


def case_files() -> dict[str, Path]:
    """Return rule code -> its file."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.yaml"))}


def read_cases(path: Path) -> list[Case]:
    """Read a case file. Raises CaseError where a word is not known or something is missing."""
    whole = yaml.load(path.read_text("utf-8"), Loader=_Loader)
    _known(whole, _FILE, path.name, needed={"rule", "about", "cases"})
    if whole["rule"] != path.stem:
        raise CaseError(f"{path.name}: the file is named after its rule, not {whole['rule']}")
    defaults = whole.get("defaults", {})
    cases = [_case(whole["rule"], {**defaults, **written}) for written in whole["cases"]]
    names = [case.name for case in cases]
    if doubled := {name for name in names if names.count(name) > 1}:
        raise CaseError(f"{path.name}: two cases are named {doubled.pop()!r}")
    return cases


def _known(
    given: Any, allowed: set[str], where: str, *, needed: set[str] | None = None
) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise CaseError(f"{where}: expected `key: value` pairs, not {given!r}")
    if unknown := set(given) - allowed:
        raise CaseError(f"{where}: unknown {sorted(unknown)}; known are {sorted(allowed)}")
    if missing := (needed or set()) - set(given):
        raise CaseError(f"{where}: missing {sorted(missing)}")
    return given


def _case(rule: str, given: Mapping[str, Any]) -> Case:
    where = f"{rule}: {given.get('name')}"
    _known(given, _CASE, where, needed={"name", "as_of", "expect"})
    expect = dict(_known(given["expect"], _EXPECT, f"{where}, expect", needed={"outcome"}))
    if expect["outcome"] not in _OUTCOMES:
        raise CaseError(f"{where}: unknown outcome {expect['outcome']!r}")
    if "sources" in expect:
        expect["sources"] = sorted(expect["sources"])
    story = _Story(rule, given, where)
    return Case(
        rule=rule,
        name=given["name"],
        as_of=given["as_of"],
        subject=given.get("subject", _SUBJECT.get(rule, "nomination")),
        province=story.province(),
        expect=expect,
    )


class _Story:
    """Builds the province of one case."""

    def __init__(self, rule: str, given: Mapping[str, Any], where: str) -> None:
        self.given = given
        self.where = where
        self.as_of: dt.date = given["as_of"]
        self.kind = "committee" if rule in _COMMITTEE else "leadership"
        self.made = Province()

    def province(self) -> Province:
        self._organisation()
        self._plans()
        for number, person in enumerate(self._people(), start=1):
            self._person(f"CB{number}", person)
        for target in self.given.get("targets", ()):
            values = {"unit_code": UNIT, "level": self._level(), "from_": LONG_AGO, **target}
            values = {
                {"unit": "unit_code", "from": "from_"}.get(k, k): v for k, v in values.items()
            }
            self.made.targets.append(self._record(Target, values))
        return self.made

    def _record(self, kind: type, values: Mapping[str, Any]) -> Any:
        allowed = {f.name for f in fields(kind)}
        _known(values, allowed, f"{self.where}, {kind.__name__}")
        try:
            return kind(**values)
        except TypeError as error:
            raise CaseError(f"{self.where}: {error}") from error

    def _level(self) -> str:
        return self.given.get("level", "province")

    def _organisation(self) -> None:
        units = {
            **self.given.get("units", {}),
            UNIT: {"level": self._level(), "parent": self.given.get("parent")},
        }
        for code, values in units.items():
            values = {"parent_code" if k == "parent" else k: v for k, v in values.items()}
            self.made.units.append(
                self._record(Unit, {"code": code, "level": "province", **values})
            )
        titles = {TITLE: self.given.get("title", {}), **self.given.get("titles", {})}
        for code, values in titles.items():
            usual = {"code": code, "kind": self.kind, "rank": 50}
            self.made.titles.append(self._record(Title, {**usual, **values}))
        self._position(UNIT, TITLE)

    def _position(self, unit: str, title: str) -> None:
        if any((p.unit_code, p.title_code) == (unit, title) for p in self.made.positions):
            return
        prescribed = self.given.get("prescribed", 1) if (unit, title) == (UNIT, TITLE) else 1
        self.made.positions.append(Position(unit, title, prescribed))

    def _plans(self) -> None:
        usual = {"starts_on": dt.date(2025, 10, 1), "ends_on": dt.date(2030, 9, 30)}
        terms = {TERM: self.given.get("term", {}), **self.given.get("terms", {})}
        for code, values in terms.items():
            self.made.terms.append(self._record(Term, {"code": code, **usual, **values}))
        own = {"unit_code": UNIT, "term": TERM, **self.given.get("plan", {})}
        self.made.plans.append(self._record(Plan, own))

    def _plan(self, unit: str, term: str) -> None:
        if not any((p.unit_code, p.term) == (unit, term) for p in self.made.plans):
            self.made.plans.append(Plan(unit, term))

    def _people(self) -> Iterator[Mapping[str, Any]]:
        for person in self.given.get("people", ()):
            _known(person, _PERSON, f"{self.where}, people")
            for _ in range(person.get("count", 1)):
                yield person

    def _person(self, code: str, person: Mapping[str, Any]) -> None:
        own = {f.name: person[f.name] for f in fields(Cadre) if f.name in person}
        if "age" in person:
            own["birth_date"] = self.as_of.replace(year=self.as_of.year - person["age"])
        own["birth_date"] = _birth(own.get("birth_date"))
        self.made.cadres.append(self._record(Cadre, {"code": code, **own}))
        for given in person.get("nominated", [{}]):
            self._nomination(code, given)
        for given in person.get("appointments", ()):
            usual = {"unit": UNIT, "title": TITLE, "from": LONG_AGO}
            self._add(code, Appointment, {**usual, **given}, {"from": "start_on", "to": "end_on"})
        for year, grade in person.get("grades", {}).items():
            grades = grade if isinstance(grade, dict) else {UNIT: grade}
            for unit, one in grades.items():
                self.made.evaluations.append(Evaluation(code, year, one, unit))
        for given in person.get("disciplines", ()):
            self._add(code, Discipline, {"kind": "reprimand", **given}, {})
        for step, given in enumerate(person.get("ballots", ()), start=1):
            self._ballot(code, {"step": step, **given})
        for given in person.get("rotations", ()):
            self._rotation(code, given)

    def _add(
        self, code: str, kind: type, given: Mapping[str, Any], names: Mapping[str, str]
    ) -> None:
        words = {"unit": "unit_code", "title": "title_code", **names}
        values = {words.get(key, key): value for key, value in given.items()}
        record = self._record(kind, {"cadre_code": code, **values})
        getattr(self.made, f"{kind.__name__.lower()}s").append(record)

    def _nomination(self, code: str, given: Mapping[str, Any]) -> None:
        usual = {"unit": UNIT, "term": TERM, "title": TITLE, "from": LONG_AGO}
        values = {**usual, **given}
        self._plan(values["unit"], values["term"])
        self._position(values["unit"], values["title"])
        self._add(code, Nomination, values, {"from": "nominated_on", "to": "removed_on"})

    def _ballot(self, code: str, given: Mapping[str, Any]) -> None:
        """Counts that are not given are those of a ballot in which nothing got lost."""
        summoned = given["summoned"]
        counts = dict.fromkeys(("present", "issued", "collected", "valid"), summoned)
        usual = {"unit": UNIT, "term": TERM, "title": TITLE, "held_on": LONG_AGO, **counts}
        self._add(code, Ballot, {**usual, **given}, {})

    def _rotation(self, code: str, given: Mapping[str, Any]) -> None:
        usual = {
            "from_unit_code": UNIT,
            "from_title_code": TITLE,
            "to_unit_code": UNIT,
            "to_title_code": TITLE,
            "status": "in_progress",
        }
        self._add(code, Rotation, {**usual, **given}, {"to_unit": "to_unit_code"})


def _birth(value: Any) -> dt.date | None:
    """Read a birth date: a day, a month as text ("1985-10"), or a year."""
    if value is None or isinstance(value, dt.date):
        return value
    return PartialDate.of(*(int(part) for part in str(value).split("-")))
