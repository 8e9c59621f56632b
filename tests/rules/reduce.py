"""Make a province that shows a difference as small as it can be, so that a person can read it."""

from collections.abc import Callable
from dataclasses import MISSING, fields, replace
from typing import Any

from tests.rules.records import Province

Check = Callable[[Province], bool]

SHEETS = tuple(sheet.name for sheet in fields(Province))


def reduced(province: Province, still_differs: Check) -> Province:
    """Drop records, many at once first, then empty fields, as long as `still_differs` says so."""
    for size in (16, 4, 1, 1):
        for sheet in reversed(SHEETS):
            first = 0
            while first < len(rows := getattr(province, sheet)):
                rest = rows[:first] + rows[first + size :]
                candidate = whole(replace(province, **{sheet: rest}))
                if still_differs(candidate):
                    province = candidate
                else:
                    first += size
    for sheet in SHEETS:
        for index in range(len(getattr(province, sheet))):
            province = _plainer(province, sheet, index, still_differs)
    return province


def _plainer(province: Province, sheet: str, index: int, still_differs: Check) -> Province:
    """Set every field of one record to its default that may be so."""
    for field in fields(getattr(province, sheet)[index]):
        rows = list(getattr(province, sheet))
        if field.default is MISSING or getattr(rows[index], field.name) == field.default:
            continue
        rows[index] = replace(rows[index], **{field.name: field.default})
        candidate = whole(replace(province, **{sheet: rows}))
        if still_differs(candidate):
            province = candidate
    return province


def whole(province: Province) -> Province:
    """Drop what refers to a record that is not there."""
    codes: dict[str, set[Any]] = {
        "unit": {unit.code for unit in province.units},
        "title": {title.code for title in province.titles},
        "cadre": {cadre.code for cadre in province.cadres},
        "term": {term.code for term in province.terms},
    }
    kept = replace(
        province,
        units=[_emptied(unit, "parent_code", codes["unit"]) for unit in province.units],
        cadres=[_emptied(cadre, "native_unit_code", codes["unit"]) for cadre in province.cadres],
    )
    for sheet in SHEETS:
        if sheet not in {"terms", "units", "titles", "cadres"}:
            rows = [row for row in getattr(kept, sheet) if _stands(row, codes)]
            setattr(kept, sheet, rows)
    plans = {(plan.unit_code, plan.term) for plan in kept.plans}
    posts = {(position.unit_code, position.title_code) for position in kept.positions}
    for sheet in ("nominations", "ballots"):
        rows = [
            row
            for row in getattr(kept, sheet)
            if (row.unit_code, row.term) in plans and (row.unit_code, row.title_code) in posts
        ]
        setattr(kept, sheet, rows)
    return kept


def _emptied(record: Any, name: str, codes: set[str]) -> Any:
    """The record, without a code that is not among `codes`."""
    return record if getattr(record, name) in codes else replace(record, **{name: None})


def _stands(row: Any, codes: dict[str, set[Any]]) -> bool:
    """Does everything exist that the row refers to?"""
    for name, value in vars(row).items():
        kind = "term" if name == "term" else name.removesuffix("_code").rpartition("_")[2]
        if (name == "term" or name.endswith("_code")) and value not in codes[kind]:
            return False
    return True
