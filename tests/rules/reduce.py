"""Make a province that shows a difference as small as it can be, so that a person can read it."""

from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, replace
from typing import Any

from tests.rules.records import Province

Check = Callable[[Province], bool]


def reduced(province: Province, still_differs: Check) -> Province:
    """Drop records and empty fields as long as `still_differs` says so."""
    smaller = True
    while smaller:
        smaller = False
        for candidate in _smaller(province):
            if still_differs(candidate):
                province, smaller = candidate, True
                break
    return province


def _smaller(province: Province) -> Iterator[Province]:
    """Yield smaller provinces, big steps first."""
    for size in (16, 4, 1):
        for sheet in reversed(fields(province)):
            rows = getattr(province, sheet.name)
            if size > 1 and len(rows) < size:
                continue
            for first in range(0, len(rows), size):
                rest = rows[:first] + rows[first + size :]
                yield whole(replace(province, **{sheet.name: rest}))
    for sheet in fields(province):
        rows = getattr(province, sheet.name)
        for index, row in enumerate(rows):
            for field in fields(row):
                if field.default is not MISSING and getattr(row, field.name) != field.default:
                    plain = replace(row, **{field.name: field.default})
                    changed = [*rows[:index], plain, *rows[index + 1 :]]
                    yield whole(replace(province, **{sheet.name: changed}))


def whole(province: Province) -> Province:
    """Drop what refers to a record that is not there."""
    units = {unit.code for unit in province.units}
    roots = [
        unit if unit.parent_code in units else replace(unit, parent_code=None)
        for unit in province.units
    ]
    roots = [
        replace(
            unit,
            successor_codes=";".join(
                code for code in (unit.successor_codes or "").split(";") if code in units
            )
            or None,
        )
        for unit in roots
    ]
    cadres = [
        cadre if cadre.native_unit_code in units else replace(cadre, native_unit_code=None)
        for cadre in province.cadres
    ]
    kept = replace(province, units=roots, cadres=cadres)
    known: dict[str, set[Any]] = {
        "unit": units,
        "title": {title.code for title in province.titles},
        "cadre": {cadre.code for cadre in province.cadres},
        "term": {term.code for term in province.terms},
    }
    for sheet in fields(kept):
        if sheet.name not in {"terms", "units", "titles", "cadres"}:
            rows = [row for row in getattr(kept, sheet.name) if _stands(row, known)]
            setattr(kept, sheet.name, rows)
    plans = {(plan.unit_code, plan.term) for plan in kept.plans}
    posts = {(position.unit_code, position.title_code) for position in kept.positions}
    for name in ("nominations", "ballots"):
        rows = [
            row
            for row in getattr(kept, name)
            if (row.unit_code, row.term) in plans and (row.unit_code, row.title_code) in posts
        ]
        setattr(kept, name, rows)
    return kept


def _stands(row: Any, known: dict[str, set[Any]]) -> bool:
    for name, value in vars(row).items():
        if name == "term" and value not in known["term"]:
            return False
        if name.endswith("_code"):
            kind = name.removesuffix("_code").rpartition("_")[2]
            if value not in known[kind]:
                return False
    return True
