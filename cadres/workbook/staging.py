"""A workbook in temporary tables: parsed cells first, then every code resolved to an identifier.

Of a sheet X two tables exist: `import_raw_X` with the cells, and `import_X` with, besides,
`<column>__id` for what a code stands for, `old_id` (the stored row with that key, if any), `id`
(the stored one or a new one) and `copy_no` (2 and up for a key met before). Columns that the file
does not have hold what is stored, so that every check sees the row as it will be.
"""

# ruff: noqa: S608 - SQL is composed of names that sheets declare; values are parameters or staged

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.backends.utils import CursorWrapper

from cadres.workbook.columns import Column, Reference
from cadres.workbook.faults import FAULT_LIMIT, Fault, FaultList
from cadres.workbook.schema import Link, Sheet, get_sheet


class Staging:
    """The temporary tables of one import, inside its transaction."""

    def __init__(self, cursor: CursorWrapper, faults: FaultList) -> None:
        self.cursor = cursor
        self.faults = faults
        #: Columns that the file has, by sheet.
        self.present: dict[str, set[str]] = {}
        #: Sheets whose keys cannot be read; references to them are not judged.
        self.unreadable: set[str] = set()

    def has(self, name: str) -> bool:
        """Whether the file has that sheet, in a usable shape."""
        return name in self.present

    def add_fault(
        self, sheet: Sheet, code: str, row: int, column: str | None, message: object, part: str
    ) -> None:
        """Note a fault found in the staged rows."""
        self.faults.add(
            Fault(code=code, message=str(message), sheet=sheet.name, row=row, column=column),
            part=f"{part} of {sheet.name}",
        )

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """The first rows of a query, counting the rest as faults: `sql` ends without LIMIT.

        The query's last column must be `count(*) OVER ()`.
        """
        self.cursor.execute(f"{sql} LIMIT {FAULT_LIMIT}")
        found = self.cursor.fetchall()
        if found:
            self.faults.count_more(found[0][-1] - len(found))
        for row in found:
            yield row[:-1]

    def load(self, sheet: Sheet, present: list[Column], pieces: Iterable[str]) -> None:
        """Fill `import_raw_X` with text of COPY: row, faulty, and the columns in `present`."""
        self.present[sheet.name] = {column.key for column in present}
        staged = [
            (name, sql_type) for column in present for name, sql_type in column.staged.items()
        ]
        columns = ", ".join(f'"{name}" {sql_type}' for name, sql_type in staged)
        self.cursor.execute(
            f"DROP TABLE IF EXISTS pg_temp.{sheet.raw_table}, pg_temp.{sheet.staged_table}"
        )
        self.cursor.execute(
            f"CREATE TEMP TABLE {sheet.raw_table} "
            f'("row" integer, faulty boolean, {columns}) ON COMMIT DROP'
        )
        self.copy(sheet.raw_table, pieces)

    def copy(self, table: str, pieces: Iterable[str]) -> None:
        """Fill a temporary table with text of COPY, whole lines in each piece."""
        self.cursor.copy_expert(f"COPY {table} FROM STDIN", _Stream(pieces), 1 << 16)
        self.cursor.execute(f"ANALYZE {table}")

    def resolve(self, sheet: Sheet) -> None:
        """Fill `import_X` from `import_raw_X`, the stored rows and the sheets before."""
        self.cursor.execute(
            f"CREATE TEMP TABLE {sheet.staged_table} ON COMMIT DROP AS "
            + _resolution(sheet, self.present[sheet.name], self.has)
        )
        self.cursor.execute(f"ANALYZE {sheet.staged_table}")


def copy_stream(pieces: Iterable[str]) -> _Stream:
    """Pieces of text of COPY, whole lines in each, as the file that `copy_expert` reads."""
    return _Stream(pieces)


class _Stream:
    """Pieces of text as the file that COPY reads."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces = iter(pieces)
        self._ready = ""
        self._at = 0

    def read(self, size: int = -1) -> str:
        """The next `size` characters (psycopg2 asks for 8,192 at a time); "" at the end."""
        if self._at >= len(self._ready):
            self._ready, self._at = next(self._pieces, ""), 0
        start = self._at
        self._at = len(self._ready) if size < 0 else start + size
        return self._ready[start : self._at]


def _resolution(sheet: Sheet, present: set[str], has: Any) -> str:
    """SELECT of everything in `import_X`."""
    coded = [c for c in sheet.references if c.key in present]
    absent = [c for c in sheet.columns if c.key not in present]
    # An absent part of the key is empty in every row; anything else absent stays as stored.
    missing = [c for c in absent if c.key not in sheet.key]
    keys = "".join(f', NULL::{c.staged[c.key]} AS "{c.key}"' for c in absent if c.key in sheet.key)
    own = [c for c in sheet.columns if isinstance(c, Reference) and c.own]
    stored = f"({sheet.table} t {sheet.joins})" if sheet.joins else f"{sheet.table} t"
    return f"""
    WITH coded AS MATERIALIZED (
        SELECT r.*{keys}{"".join(_code_id(c, has) for c in coded)}
          FROM {sheet.raw_table} r {" ".join(_code_joins(c, has) for c in coded)}
    ), linked AS MATERIALIZED (
        SELECT coded.*{"".join(_link_id(link, has) for link in sheet.links)}
          FROM coded {" ".join(_link_joins(link, sheet, has) for link in sheet.links)}
    ), matched AS MATERIALIZED (
        SELECT s.*, t.id AS old_id{"".join(_stored(c) for c in missing if c not in own)},
               {_copy_number(sheet)} AS copy_no
          FROM linked s LEFT JOIN {stored} ON {_match(sheet)}
    )
    SELECT s.*, coalesce(s.old_id, nextval(pg_get_serial_sequence('{sheet.table}', 'id'))) AS id
      FROM matched s ORDER BY s."row"
    """


def _code_id(column: Reference, has: Any) -> str:
    found = f"d_{column.key}.id"
    if has(column.sheet):
        found = f"coalesce({found}, f_{column.key}.id)"
    return f', {found} AS "{column.resolved}"'


def _code_joins(column: Reference, has: Any) -> str:
    target = get_sheet(column.sheet)
    alias = column.key
    joins = f'LEFT JOIN {target.table} d_{alias} ON d_{alias}.code = r."{column.key}"'
    if has(target.name):
        joins += (
            f' LEFT JOIN {target.staged_table} f_{alias} ON f_{alias}.code = r."{column.key}"'
            f" AND f_{alias}.old_id IS NULL AND f_{alias}.copy_no = 1"
        )
    return joins


def _link_id(link: Link, has: Any) -> str:
    found = f"d_{link.name}.id"
    if has(link.sheet):
        found = f"coalesce({found}, f_{link.name}.id)"
    return f", {found} AS {link.resolved}"


def _link_joins(link: Link, sheet: Sheet, has: Any) -> str:
    target = get_sheet(link.sheet)
    pairs = []
    for key, own in zip(target.key, link.columns, strict=True):
        theirs, mine = target.by_key[key], sheet.by_key[own]
        staged = theirs.resolved if isinstance(theirs, Reference) else theirs.key
        value = mine.resolved if isinstance(mine, Reference) else mine.key
        pairs.append((theirs.column, staged, f"coded.{value}"))
    alias = link.name
    stored = " AND ".join(f"d_{alias}.{column} = {value}" for column, _s, value in pairs)
    joins = f"LEFT JOIN {target.table} d_{alias} ON {stored}"
    if has(target.name):
        staged_on = " AND ".join(f"f_{alias}.{staged} = {value}" for _c, staged, value in pairs)
        joins += (
            f" LEFT JOIN {target.staged_table} f_{alias} ON {staged_on}"
            f" AND f_{alias}.old_id IS NULL AND f_{alias}.copy_no = 1"
        )
    return joins


def _stored(column: Column) -> str:
    """What a column that the file lacks is, or will be, in the database."""
    if isinstance(column, Reference):
        return f', NULL::text AS "{column.key}", t.{column.column} AS "{column.resolved}"'
    if not column.stored:
        return ""
    parts = []
    for name in column.staged:
        field = column.column if name == column.key else name
        empty = column.empty_sql if name == column.key else "''"
        empty = getattr(column, "empty", empty)
        # A new row gets the value of an empty cell, a stored row keeps its own, even NULL.
        parts.append(f', CASE WHEN t.id IS NULL THEN {empty} ELSE t.{field} END AS "{name}"')
    return "".join(parts)


def _copy_number(sheet: Sheet) -> str:
    keys = ", ".join(f's."{key}"' for key in sheet.key)
    known = " AND ".join(
        f's."{key}" IS NOT NULL' for key in sheet.key if sheet.by_key[key].required
    )
    if any(not sheet.by_key[key].required for key in sheet.key):
        known += " AND NOT s.faulty"  # an unreadable optional key is not an empty one
    return (
        f"CASE WHEN {known} THEN row_number() OVER"
        f' (PARTITION BY {keys}, {known} ORDER BY s."row") ELSE 1 END'
    )


def _match(sheet: Sheet) -> str:
    return " AND ".join(
        f's."{staged}" IS NOT DISTINCT FROM {stored}' if optional else f's."{staged}" = {stored}'
        for stored, staged, optional in sheet.matching()
    )
