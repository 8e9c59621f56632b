"""Facts about cadres on a day (CONTRACT section 3, "Facts about a nominee at D"), set-based.

The live table keeps a row until the first day on which one of its facts may change; a check of
another day derives the same rows into a temporary table.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg2.extras import execute_values

from compliance.law import load_law, retirement_date
from compliance.models import RetirementDate

COLUMNS = (
    "cadre_id, valid_from, valid_to, birth_date, woman, minority, degree, theory, rank, paths,"
    " grade, disciplines, retires_first, retires_last"
)

# `{wanted}`: a table of cadre ids. Dates after D bound how long the row stays true.
FACTS = """
WITH post AS (
    SELECT a.cadre_id,
           max(t.rank) FILTER (WHERE a.start_on <= %(d)s) AS rank,
           string_agg('|' || u.path, '' ORDER BY t.rank DESC, a.start_on DESC, t.code, u.code)
               FILTER (WHERE a.start_on <= %(d)s) AS paths,
           min(CASE WHEN a.start_on > %(d)s THEN a.start_on ELSE a.end_on END) AS until
      FROM cadres_appointment a
      JOIN cadres_title t ON t.id = a.title_id
      JOIN cadres_unit u ON u.id = a.unit_id
     WHERE (a.end_on IS NULL OR a.end_on > %(d)s) AND a.cadre_id IN (SELECT cadre_id FROM {wanted})
     GROUP BY a.cadre_id),
grade AS (
    SELECT cadre_id, min(grade) AS grade FROM cadres_evaluation
     WHERE year = %(year)s - 1 AND cadre_id IN (SELECT cadre_id FROM {wanted})
     GROUP BY cadre_id),
discipline AS (
    SELECT cadre_id,
           count(*) FILTER (WHERE decided_on <= %(d)s) AS in_force,
           min(CASE WHEN decided_on > %(d)s THEN decided_on ELSE effective_to + 1 END) AS until
      FROM cadres_discipline
     WHERE (effective_to IS NULL OR effective_to >= %(d)s)
       AND cadre_id IN (SELECT cadre_id FROM {wanted})
     GROUP BY cadre_id)
SELECT c.id, %(d)s::date, least(make_date(%(year)s + 1, 1, 1), p.until, g.until), c.birth_date,
       CASE c.sex WHEN 'female' THEN true WHEN 'male' THEN false END,
       nullif(c.ethnicity_code, '') <> '01', c.degree, c.theory, p.rank, p.paths, e.grade,
       coalesce(g.in_force, 0),
       coalesce(c.retires_on, CASE c.sex WHEN 'male' THEN r.male WHEN 'female' THEN r.female
                                         ELSE least(r.male, r.female) END),
       coalesce(c.retires_on, CASE c.sex WHEN 'male' THEN r.male WHEN 'female' THEN r.female
                                         ELSE greatest(r.male, r.female) END)
  FROM {wanted} w
  JOIN cadres_cadre c ON c.id = w.cadre_id
  LEFT JOIN compliance_retirement_date r ON r.born = c.birth_date
  LEFT JOIN post p ON p.cadre_id = c.id
  LEFT JOIN grade e ON e.cadre_id = c.id
  LEFT JOIN discipline g ON g.cadre_id = c.id
"""

_WANTED = "standing_wanted"


def _stage_wanted(cursor: CursorWrapper, people: str, values: Sequence[Any]) -> int:
    """Write the cadre ids of a statement, in order and once each, to `_WANTED`; how many.

    A table with statistics rather than a CTE: the planner then knows whether it is about ten people
    (index look-ups) or a million (merge joins).
    """
    cursor.execute(
        f"DROP TABLE IF EXISTS {_WANTED}; CREATE TEMP TABLE {_WANTED} ON COMMIT DROP AS"
        f" SELECT DISTINCT cadre_id FROM ({people}) p ORDER BY 1",
        [*values],
    )
    number = int(cursor.rowcount)
    if number:
        cursor.execute(f"ALTER TABLE {_WANTED} ADD PRIMARY KEY (cadre_id); ANALYZE {_WANTED}")
    return number


def refresh(
    cursor: CursorWrapper, *, people: str, values: Sequence[object] = (), as_of: date
) -> None:
    """Bring the kept rows of the cadres in `people` (SQL, column `cadre_id`) up to `as_of`.

    Rows that still hold are not touched.
    """
    stale = (
        f"SELECT p.cadre_id FROM ({people}) p"
        " WHERE NOT EXISTS (SELECT FROM compliance_standing s WHERE s.cadre_id = p.cadre_id"
        " AND s.valid_from <= %s AND s.valid_to > %s)"
    )
    if not _stage_wanted(cursor, stale, [*values, as_of, as_of]):
        return
    cursor.execute("SET LOCAL enable_hashagg = off")  # merge joins over ordered indexes: faster
    cursor.execute(
        f"INSERT INTO compliance_standing ({COLUMNS}) {FACTS.format(wanted=_WANTED)}"
        f" ON CONFLICT (cadre_id) DO UPDATE SET ({COLUMNS}) = ({_excluded()})",
        {"d": as_of, "year": as_of.year},
    )
    cursor.execute("SET LOCAL enable_hashagg = on")


def derive(
    cursor: CursorWrapper, *, people: str, values: Sequence[object] = (), as_of: date, table: str
) -> None:
    """The same rows for any day, into the temporary table `table`."""
    _stage_wanted(cursor, people, values)
    cursor.execute(f"CREATE TEMP TABLE {table} (LIKE compliance_standing) ON COMMIT DROP")
    cursor.execute(
        f"INSERT INTO {table} ({COLUMNS}) {FACTS.format(wanted=_WANTED)}",
        {"d": as_of, "year": as_of.year},
    )
    cursor.execute(f"ALTER TABLE {table} ADD PRIMARY KEY (cadre_id); ANALYZE {table}")


def _excluded() -> str:
    return ", ".join(f"excluded.{name.strip()}" for name in COLUMNS.split(","))


def write_retirement_dates() -> bool:
    """Write the law's retirement table for every day of birth. Returns whether it changed.

    Months are worked out from the law (REGULATIONS section 11), days follow their month.
    """
    law = load_law()
    months = [
        (
            date(year, month, 1),
            retirement_date("male", year, month, law=law),
            retirement_date("female", year, month, law=law),
        )
        for year in range(1900, 2101)
        for month in range(1, 13)
    ]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE compliance_retirement_date IN SHARE ROW EXCLUSIVE MODE")
        known = RetirementDate.objects.filter(born__day=1).order_by("born")
        if list(known.values_list("born", "male", "female")) == months:
            return False
        cursor.execute("DELETE FROM compliance_retirement_date")
        execute_values(
            cursor,
            "INSERT INTO compliance_retirement_date (born, male, female)"
            " SELECT d::date, m.male, m.female FROM (VALUES %s) m (born, male, female)"
            " CROSS JOIN generate_series(m.born, m.born + interval '1 month' - interval '1 day',"
            " interval '1 day') d",
            months,
            template="(%s::date, %s::date, %s::date)",
            page_size=len(months),
        )
    return True
