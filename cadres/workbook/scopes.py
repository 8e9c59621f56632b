"""Which rows an export of a subtree holds: enough to be imported elsewhere, and no more.

Rows about a unit (positions, appointments, evaluations, plans with their nominations and ballots,
rotations, targets) are those of the units in the subtree. What they refer to comes along: people,
titles, terms, and units with everything above them and their successors. Disciplines and training
are told only of people with an appointment or a nomination in the subtree; in what an account takes
out, sensitive data only of people who serve there on the day, as on its pages.
"""

# ruff: noqa: S608 - SQL is composed of names that sheets declare; values are parameters or staged

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.backends.utils import CursorWrapper

from cadres.workbook.schema import Sheet, all_sheets, get_sheet

_UNITS = """
CREATE TEMP TABLE export_units ON COMMIT DROP AS
WITH RECURSIVE needed AS (
    SELECT u.id, u.path FROM cadres_unit u
     WHERE u.id IN (SELECT id FROM export_subtree UNION {seeds})
    UNION
    SELECT more.id, more.path FROM needed n
      CROSS JOIN LATERAL (
        SELECT p.id, p.path FROM cadres_unit p WHERE p.path = left(n.path, -4)
        UNION ALL
        SELECT v.id, v.path FROM cadres_unitsuccession s
          JOIN cadres_unit v ON v.id = s.successor_id WHERE s.unit_id = n.id) more
)
SELECT id FROM needed
"""


def make_sets(cursor: CursorWrapper, paths: Sequence[str], told_on: dt.date | None = None) -> None:
    """Make the sets that `Sheet.export_scope` refers to, for subtrees given by their paths.

    They are temporary tables of identifiers: `export_subtree` (units), `export_people`, and for
    each sheet that others refer to `export_<sheet>`. With `told_on` also `export_told`: people who
    hold a title in the subtrees on that day.
    """
    anchored = [sheet for sheet in all_sheets() if sheet.is_anchored]
    prefixes = " OR ".join(["path >= %s AND path < %s || '~'"] * len(paths)) or "false"
    _make(
        cursor,
        "export_subtree",
        f"SELECT id, path FROM cadres_unit WHERE {prefixes}",
        [value for path in paths for value in (path, path)],
    )
    _make(
        cursor,
        "export_people",
        " UNION ".join(_referred(s, "cadres") for s in anchored if s.brings_people),
    )
    if told_on is not None:
        _make(
            cursor,
            "export_told",
            "SELECT DISTINCT a.cadre_id AS id FROM cadres_appointment a"
            " WHERE a.unit_id IN (SELECT id FROM export_subtree)"
            " AND a.start_on <= %s AND (a.end_on IS NULL OR a.end_on > %s)",
            [told_on, told_on],
        )
    for name in ("terms", "titles", "cadres"):
        selects = [select for sheet in anchored if (select := _referred(sheet, name))]
        _make(cursor, f"export_{name}", " UNION ".join(selects))
    seeds = [s for sheet in (*anchored, get_sheet("cadres")) if (s := _referred(sheet, "units"))]
    cursor.execute("DROP TABLE IF EXISTS pg_temp.export_units")
    cursor.execute(_UNITS.format(seeds=" UNION ".join(seeds)))
    cursor.execute("ANALYZE export_units")


def _make(cursor: CursorWrapper, name: str, select: str, values: Sequence[Any] = ()) -> None:
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
    cursor.execute(f"CREATE TEMP TABLE {name} ON COMMIT DROP AS {select}", list(values) or None)
    cursor.execute(f"ANALYZE {name}")


def _referred(sheet: Sheet, target: str) -> str:
    """SELECT of what the exported rows of `sheet` refer to in the sheet `target`; may be empty."""
    return " UNION ".join(
        f"SELECT {sheet.match.get(c.key, f't.{c.column}')} AS id"
        f" FROM {sheet.table} t {sheet.joins} WHERE {sheet.export_scope}"
        for c in sheet.references
        if c.sheet == target
    )
