"""Checks over staged rows that hold for every sheet: keys, references, periods, overlaps."""

# ruff: noqa: S608 - SQL is composed of names that sheets declare; values are parameters or staged

from __future__ import annotations

from django.utils.translation import gettext as _

from cadres.workbook.columns import Reference, shown
from cadres.workbook.schema import Link, NoOverlap, Period, Sheet, get_sheet
from cadres.workbook.staging import Staging


def check_sheet(staging: Staging, sheet: Sheet) -> None:
    """Every check of one staged sheet."""
    _check_keys(staging, sheet)
    for column in sheet.references:
        if column.key in staging.present[sheet.name] and column.sheet not in staging.unreadable:
            _check_reference(staging, sheet, column)
    for link in sheet.links:
        if link.sheet not in staging.unreadable:
            _check_link(staging, sheet, link)
    for period in sheet.periods:
        _check_period(staging, sheet, period)
    if sheet.no_overlap:
        _check_overlaps(staging, sheet, sheet.no_overlap)
    for check in sheet.checks:
        check(staging, sheet)


def _check_keys(staging: Staging, sheet: Sheet) -> None:
    keys = ", ".join(f's."{key}"' for key in sheet.key)
    same = " AND ".join(f'o."{key}" IS NOT DISTINCT FROM s."{key}"' for key in sheet.key)
    column = sheet.key[0] if len(sheet.key) == 1 else None
    rows = staging.rows(
        f'SELECT s."row", (SELECT min(o."row") FROM {sheet.staged_table} o WHERE {same}), {keys},'
        f' count(*) OVER () FROM {sheet.staged_table} s WHERE s.copy_no > 1 ORDER BY s."row"'
    )
    for row, first, *values in rows:
        named = ", ".join(shown(value) for value in values if value is not None)
        message = _(
            "Trùng với dòng %(first)d: “%(value)s” chỉ được có một dòng. Hãy bỏ hoặc sửa một dòng."
        )
        staging.add_fault(
            sheet, "duplicate_key", row, column, message % {"first": first, "value": named}, "keys"
        )


def _check_reference(staging: Staging, sheet: Sheet, column: Reference) -> None:
    rows = staging.rows(
        f'SELECT s."row", s."{column.key}", count(*) OVER () FROM {sheet.staged_table} s'
        f' WHERE s."{column.key}" IS NOT NULL AND s."{column.resolved}" IS NULL ORDER BY s."row"'
    )
    for row, value in rows:
        report_unknown(staging, sheet, column.key, column.sheet, row, value)


def report_unknown(
    staging: Staging, sheet: Sheet, column: str, target: str, row: int, value: str
) -> None:
    """Note a code that neither the file nor the portal knows."""
    message = _(
        "Không có %(thing)s mang mã “%(value)s”. Hãy sửa mã, hoặc thêm vào trang %(target)s."
    ) % {"thing": str(get_sheet(target).label).lower(), "value": shown(value), "target": target}
    staging.add_fault(sheet, "unknown_reference", row, column, message, f"references {column}")


def _check_link(staging: Staging, sheet: Sheet, link: Link) -> None:
    # Where one of the codes is unknown already, that is the error to tell.
    known = [
        f's."{column.resolved}" IS NOT NULL'
        for key in link.columns
        if isinstance(column := sheet.by_key[key], Reference)
    ]
    values = ", ".join(f's."{key}"' for key in link.columns)
    rows = staging.rows(
        f'SELECT s."row", {values}, count(*) OVER () FROM {sheet.staged_table} s'
        f' WHERE {" AND ".join(known)} AND s.{link.resolved} IS NULL ORDER BY s."row"'
    )
    for row, *found in rows:
        named = dict(zip(link.columns, found, strict=True))
        message = str(link.message) % named
        staging.add_fault(sheet, "unknown_reference", row, link.column, message, link.name)


def ends_first(start: object, first: object, end: object, last: object) -> str:
    """What to say of a period whose end lies before its start; labels and days."""
    return _("%(end)s (%(last)s) trước %(start)s (%(first)s). Hãy sửa một trong hai ngày.") % {
        "end": end,
        "last": shown(last),
        "start": str(start).lower(),
        "first": shown(first),
    }


def _check_period(staging: Staging, sheet: Sheet, period: Period) -> None:
    start, end = sheet.by_key[period.start], sheet.by_key[period.end]
    rows = staging.rows(
        f'SELECT s."row", s."{start.key}", s."{end.key}", count(*) OVER ()'
        f' FROM {sheet.staged_table} s WHERE s."{end.key}" < s."{start.key}" ORDER BY s."row"'
    )
    for row, first, last in rows:
        message = ends_first(start.label, first, end.label, last)
        staging.add_fault(sheet, "end_before_start", row, end.key, message, f"period {end.key}")


def _check_overlaps(staging: Staging, sheet: Sheet, rule: NoOverlap) -> None:
    """Compare the rows of the file with one another and with the stored rows that remain.

    Sorted by start within one person and post, a period overlaps an earlier one exactly when it
    starts before the latest end so far; that is one pass whatever the number of rows.
    """
    staging.cursor.execute("DROP TABLE IF EXISTS pg_temp.import_periods")
    staging.cursor.execute(_periods(sheet, rule))
    equal = " AND ".join(f"b.{name} = a.{name}" for name in rule.same)
    # The later of two periods is told; where that one is stored, the row of the file it meets.
    overlapping = f"""
        SELECT coalesce(a."row", b."row"), CASE WHEN a."row" IS NOT NULL THEN b."row" END,
               CASE WHEN a."row" IS NULL THEN a.first_on ELSE b.first_on END,
               nullif(CASE WHEN a."row" IS NULL THEN a.end_on ELSE b.end_on END, 'infinity'),
               count(*) OVER ()
          FROM import_periods a
          CROSS JOIN LATERAL (
            SELECT b."row", b.first_on, b.end_on FROM import_periods b
             WHERE {equal} AND b.id <> a.id AND b.first_on < a.end_on AND a.first_on < b.end_on
             ORDER BY b."row" IS NULL, b."row" LIMIT 1) b
         WHERE a.first_on < a.busy_to
         ORDER BY 1
    """
    told: set[int] = set()
    for row, other, first, last in staging.rows(overlapping):
        if row in told:
            staging.faults.count_more(-1)
            continue
        told.add(row)
        message = str(rule.message) % {
            "other": _("dòng %(row)d") % {"row": other} if other else _("dữ liệu đang có"),
            "first": shown(first),
            "last": shown(last) if last else _("nay"),
        }
        staging.add_fault(sheet, rule.code, row, rule.start, message, "overlaps")


def _periods(sheet: Sheet, rule: NoOverlap) -> str:
    """SQL of the periods to compare, each with the latest end before it (`busy_to`)."""
    same = ", ".join(rule.same)
    pairs = list(zip(rule.same, rule.stored, strict=True))
    columns = ", ".join(f"{stored} AS {name}" for name, stored in pairs)
    # Found by the one column that the table holds itself (the person): more rows, a better plan.
    staged, on_table = next(pair for pair in pairs if pair[1].startswith("t."))
    usable = " AND ".join(f"s.{name} IS NOT NULL" for name in rule.same)
    return f"""
        CREATE TEMP TABLE import_periods ON COMMIT DROP AS
        WITH filed AS (
            SELECT s."row", s.id, s."{rule.start}" AS first_on,
                   coalesce(s."{rule.end}", 'infinity') AS end_on, {same}
              FROM {sheet.staged_table} s
             WHERE NOT s.faulty AND s.copy_no = 1 AND {usable}
        ), stored AS MATERIALIZED (
            SELECT t.id, t.{rule.start} AS first_on,
                   coalesce(t.{rule.end}, 'infinity') AS end_on, {columns}
              FROM {sheet.table} t {sheet.joins}
             WHERE {on_table} IN (SELECT {staged} FROM filed)
        ), remaining AS (
            -- NOT IN is hashed; an anti-join is planned as a loop when estimates are low.
            SELECT id, first_on, end_on, {same} FROM stored
             WHERE id NOT IN (SELECT old_id FROM {sheet.staged_table} WHERE old_id IS NOT NULL)
        ), every AS (
            SELECT "row", id, first_on, end_on, {same} FROM filed
            UNION ALL
            SELECT NULL, id, first_on, end_on, {same} FROM remaining
        )
        SELECT *, max(end_on) OVER (PARTITION BY {same} ORDER BY first_on, "row", id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy_to
          FROM every WHERE first_on < end_on
    """
