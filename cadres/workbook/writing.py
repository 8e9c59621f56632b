"""Staged rows into their tables: an UPDATE where something differs, then an INSERT of the new."""

# ruff: noqa: S608 - SQL is composed of names that sheets declare; values are parameters or staged

from __future__ import annotations

from dataclasses import dataclass

from cadres.workbook.columns import BirthDate, Reference
from cadres.workbook.schema import Sheet
from cadres.workbook.staging import Staging


@dataclass(frozen=True)
class Written:
    """What became of the rows of one sheet."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0

    def as_json(self) -> dict[str, int]:
        """The shape of CONTRACT section 2."""
        return {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
        }


def write_sheet(staging: Staging, sheet: Sheet) -> Written:
    """Write one staged sheet."""
    staging.cursor.execute(f"SELECT count(*) FROM {sheet.staged_table}")
    total = staging.cursor.fetchone()[0]
    if sheet.write:
        created, updated = sheet.write(staging, sheet)
    else:
        updated = update_rows(staging, sheet)
        created = insert_rows(staging, sheet)
    return Written(created=created, updated=updated, unchanged=total - created - updated)


def values_of(sheet: Sheet, present: set[str]) -> dict[str, str]:
    """Database column -> SQL over `s` for the columns in `present`."""
    values: dict[str, str] = {}
    for column in sheet.columns:
        if column.key not in present or not column.stored:
            continue
        if isinstance(column, Reference):
            if not column.own:
                values[column.column] = f's."{column.resolved}"'
        elif isinstance(column, BirthDate):
            values[column.column] = f's."{column.key}"'
            values[column.precision] = f"coalesce(s.\"{column.precision}\", '')"
        else:
            empty = getattr(column, "empty", column.empty_sql)
            staged = f's."{column.key}"'
            values[column.column] = (
                staged if column.required or empty == "NULL" else f"coalesce({staged}, {empty})"
            )
    return values


def changed_columns(sheet: Sheet, present: set[str]) -> dict[str, str]:
    """What an existing row may get: everything in the file but its key."""
    keys = {sheet.by_key[key].column for key in sheet.key}
    return {
        column: value for column, value in values_of(sheet, present).items() if column not in keys
    }


def update_rows(staging: Staging, sheet: Sheet) -> int:
    """Update the stored rows that differ; a row that does not is not touched."""
    values = changed_columns(sheet, staging.present[sheet.name])
    if not values:
        return 0
    sets = ", ".join(f"{column} = {value}" for column, value in values.items())
    staging.cursor.execute(
        f"UPDATE {sheet.table} t SET {sets} FROM {sheet.staged_table} s"
        f" WHERE t.id = s.old_id AND {differs(values)}"
    )
    return int(staging.cursor.rowcount)


def differs(values: dict[str, str]) -> str:
    """SQL: does the stored row `t` differ from `values`?"""
    stored = ", ".join(f"t.{column}" for column in values)
    return f"ROW({stored}) IS DISTINCT FROM ROW({', '.join(values.values())})"


def insert_rows(staging: Staging, sheet: Sheet, extra: dict[str, str] | None = None) -> int:
    """Insert the rows whose key is new."""
    values = {
        "id": "s.id",
        **values_of(sheet, {column.key for column in sheet.columns}),
        **sheet.also,
        **sheet.defaults,
        **(extra or {}),
    }
    staging.cursor.execute(
        f"INSERT INTO {sheet.table} ({', '.join(values)})"
        f" SELECT {', '.join(values.values())}"
        f" FROM {sheet.staged_table} s {sheet.write_joins}"
        ' WHERE s.old_id IS NULL ORDER BY s."row"'
    )
    return int(staging.cursor.rowcount)
