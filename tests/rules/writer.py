"""Puts a province of plain records into the database, fast: one statement a table."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from cadres.choices import Degree, Grade, Theory
from cadres.models import (
    Appointment,
    Cadre,
    Discipline,
    Evaluation,
    Position,
    Title,
    Training,
    Unit,
    UnitSuccession,
)
from compliance.models import Target
from planning.models import Ballot, Nomination, Plan, Pool, Term
from rotation.models import Rotation
from tests.rules import records
from tests.rules.records import Province

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@contextmanager
def in_database(province: Province) -> Iterator["Writer"]:
    """Put the province into the (empty) database for the time of the block, then take it out."""
    with transaction.atomic():
        writer = Writer(province)
        writer.write()
        yield writer
        transaction.set_rollback(True)


class Writer:
    """Writes one province; keeps the ids of what it wrote."""

    def __init__(self, province: Province) -> None:
        self.province = province
        self.terms: dict[str, int] = {}
        self.units: dict[str, int] = {}
        self.titles: dict[str, int] = {}
        self.cadres: dict[str, int] = {}
        self.pools: dict[tuple[str, str, str], tuple[int, int]] = {}

    def write(self) -> None:
        """Write everything; constraints are checked at once, not at the end of the test."""
        self._organisation()
        self._people()
        self._planning()
        self._moves()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    def _organisation(self) -> None:
        province = self.province
        self.terms = _codes(Term, ({**vars(term)} for term in province.terms))
        self.units = _codes(Unit, unit_rows(province.units))
        self.titles = _codes(Title, (_title(title) for title in province.titles))
        UnitSuccession.objects.bulk_create(
            UnitSuccession(unit_id=self.units[unit.code], successor_id=self.units[code.strip()])
            for unit in province.units
            for code in (unit.successor_codes or "").split(";")
            if code.strip()
        )
        self._create(Position, province.positions)

    def _people(self) -> None:
        province = self.province
        self.cadres = _codes(Cadre, (self._cadre(cadre) for cadre in province.cadres))
        self._create(Appointment, province.appointments)
        self._create(Evaluation, province.evaluations, grade=lambda e: Grade[e.grade])
        self._create(Discipline, province.disciplines)
        self._create(Training, province.trainings)

    def _planning(self) -> None:
        province = self.province
        self._create(Plan, province.plans)
        found = Pool.objects.values_list(
            "plan__unit__code", "plan__term__code", "position__title__code", "pk", "plan_id"
        )
        self.pools = {tuple(key): (pool, plan) for *key, pool, plan in found}
        self._create(Nomination, province.nominations)
        self._create(Ballot, province.ballots)

    def _moves(self) -> None:
        self._create(Rotation, self.province.rotations)
        self._create(
            Target,
            self.province.targets,
            in_force_from=lambda t: t.from_,
            in_force_to=lambda t: t.to,
        )

    def _create(self, model: Any, rows: Iterable[Any], **computed: Any) -> None:
        model.objects.bulk_create(self.row(model, record, **computed) for record in rows)

    def row(self, model: Any, record: Any, **computed: Any) -> Any:
        """Build the unsaved row of one record; codes become ids, empty text stays empty."""
        given = dict(vars(record))
        values: dict[str, Any] = {}
        if isinstance(record, records.Nomination | records.Ballot):
            key = (given.pop("unit_code"), given.pop("term"), given.pop("title_code"))
            values["pool_id"], plan = self.pools[key]
            if isinstance(record, records.Nomination):
                values["plan_id"] = plan
        for name, value in given.items():
            if name.endswith("_code"):
                values[f"{name.removesuffix('_code')}_id"] = self._id(name, value)
            elif name == "term":
                values["term_id"] = self.terms[value]
            elif name not in {"from_", "to"}:
                values[name] = value
        values |= {name: compute(record) for name, compute in computed.items()}
        return model(**_without_empty_text(model, values))

    def _id(self, name: str, code: str) -> int:
        known = next(n for n in ("unit", "title", "cadre") if n in name)
        return getattr(self, f"{known}s")[code]

    def _cadre(self, cadre: records.Cadre) -> dict[str, Any]:
        values = dict(vars(cadre))
        native = values.pop("native_unit_code")
        birth = cadre.birth_date
        precision = getattr(birth, "precision", "day") if birth else ""
        return _without_empty_text(
            Cadre,
            {
                **values,
                "native_unit_id": self.units[native] if native else None,
                "birth_precision": precision,
                "degree": Degree[cadre.degree.upper()] if cadre.degree else None,
                "theory": Theory[cadre.theory.upper()] if cadre.theory else None,
            },
        )


def unit_rows(units: list[records.Unit]) -> Iterator[dict[str, Any]]:
    """Yield the columns of each unit with its treebeard path, siblings in the order given."""
    children: dict[str | None, list[records.Unit]] = defaultdict(list)
    for unit in units:
        children[unit.parent_code].append(unit)

    def below(parent: str | None, path: str, depth: int) -> Iterator[dict[str, Any]]:
        for number, unit in enumerate(children[parent], start=1):
            values = dict(vars(unit))
            del values["parent_code"], values["successor_codes"]
            here = path + _step(number)
            yield {
                **values,
                "path": here,
                "depth": depth,
                "numchild": len(children[unit.code]),
            }
            yield from below(unit.code, here, depth + 1)

    yield from below(None, "", 1)


def _step(number: int) -> str:
    digits = ""
    for _ in range(Unit.steplen):
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits


def _title(title: records.Title) -> dict[str, Any]:
    return {
        **vars(title),
        "min_degree": Degree[title.min_degree.upper()] if title.min_degree else None,
        "min_theory": Theory[title.min_theory.upper()] if title.min_theory else None,
    }


def _codes(model: Any, rows: Iterable[dict[str, Any]]) -> dict[str, int]:
    made = model.objects.bulk_create([model(**row) for row in rows])
    return {row.code: row.pk for row in made}


def _without_empty_text(model: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is None in a column that takes no NULL; dates lose their precision."""
    kept = {}
    for name, value in values.items():
        if value is None and not model._meta.get_field(name).null:
            continue
        kept[name] = dt.date(*value.timetuple()[:3]) if isinstance(value, dt.date) else value
    return kept
