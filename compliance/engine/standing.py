"""Facts about cadres on a day (CONTRACT section 3, "Facts about a nominee at D"), set-based.

They are derived for the people of a check each time, into a temporary table (a run that judges
everything does it once for all its chunks, see `shared`): few people by index, half a country by
merging ordered indexes.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg2.extras import execute_values

from compliance.law import load_law, retirement_date
from compliance.models import RetirementDate

_WANTED, _CORE = "standing_wanted", "standing_core"
# `{among}`: a condition on `cadre_id`, `{bounds}`: on `c.id`. Everything here comes in the order of
# cadres, so that many people are merged, not hashed. Open posts have an index of their own, a third
# of all.
CORE = """
WITH open_post AS (
    SELECT cadre_id, count(*)::int AS posts, min(title_id) AS title_id, min(unit_id) AS unit_id
      FROM cadres_appointment WHERE start_on <= %(d)s AND end_on IS NULL AND {among}
     GROUP BY cadre_id),
ending_post AS (
    SELECT cadre_id, count(*)::int AS posts, min(title_id) AS title_id, min(unit_id) AS unit_id
      FROM cadres_appointment WHERE start_on <= %(d)s AND end_on > %(d)s AND {among}
     GROUP BY cadre_id),
grade AS (
    SELECT DISTINCT ON (cadre_id) cadre_id, grade FROM cadres_evaluation
     WHERE year = %(year)s - 1 AND {among}
     ORDER BY cadre_id, grade),
discipline AS (
    SELECT cadre_id, count(*)::smallint AS in_force FROM cadres_discipline
     WHERE decided_on <= %(d)s AND (effective_to IS NULL OR effective_to >= %(d)s) AND {among}
     GROUP BY cadre_id)
SELECT w.*, c.birth_date, c.sex, c.ethnicity_code, c.degree, c.theory, c.retires_on,
       coalesce(p.posts, 0) + coalesce(q.posts, 0) AS posts,
       coalesce(p.title_id, q.title_id) AS title_id, coalesce(p.unit_id, q.unit_id) AS unit_id,
       e.grade, coalesce(g.in_force, 0::smallint) AS disciplines
  FROM {wanted} w
  JOIN cadres_cadre c ON c.id = w.cadre_id{bounds}
  LEFT JOIN open_post p ON p.cadre_id = w.cadre_id
  LEFT JOIN ending_post q ON q.cadre_id = w.cadre_id
  LEFT JOIN grade e ON e.cadre_id = w.cadre_id
  LEFT JOIN discipline g ON g.cadre_id = w.cadre_id
"""
# Who holds one post, as most do, needs no sorting of posts.
FACTS = """
WITH core AS {core},
held AS (
    SELECT a.cadre_id, max(i.rank) AS rank,
           string_agg('|' || v.path, ''
                      ORDER BY i.rank DESC, a.start_on DESC, i.code, v.code) AS paths
      FROM core k JOIN cadres_appointment a ON a.cadre_id = k.cadre_id
      JOIN cadres_title i ON i.id = a.title_id JOIN cadres_unit v ON v.id = a.unit_id
     WHERE k.posts > 1 AND a.start_on <= %(d)s AND (a.end_on IS NULL OR a.end_on > %(d)s)
     GROUP BY a.cadre_id)
SELECT {key}, k.birth_date, k.degree, k.theory, k.grade, k.disciplines,
       CASE k.sex WHEN 'female' THEN true WHEN 'male' THEN false END AS woman,
       nullif(k.ethnicity_code, '') <> '01' AS minority,
       CASE WHEN k.posts > 1 THEN h.rank ELSE t.rank END AS rank,
       CASE WHEN k.posts > 1 THEN h.paths ELSE '|' || u.path END COLLATE "C" AS paths,
       coalesce(k.retires_on, CASE k.sex WHEN 'male' THEN r.male WHEN 'female' THEN r.female
                                         ELSE least(r.male, r.female) END) AS retires_first,
       coalesce(k.retires_on, CASE k.sex WHEN 'male' THEN r.male WHEN 'female' THEN r.female
                                         ELSE greatest(r.male, r.female) END) AS retires_last
  FROM core k
  LEFT JOIN held h ON h.cadre_id = k.cadre_id
  LEFT JOIN cadres_title t ON t.id = k.title_id
  LEFT JOIN cadres_unit u ON u.id = k.unit_id
  LEFT JOIN compliance_retirement_date r ON r.born = k.birth_date
"""
#: From this many people on, whole indexes are read in order instead of looking everybody up.
MANY = 100_000


#: What a table of facts has beside `cadre_id`, in the order of `FACTS`.
COLUMNS = (
    "birth_date, degree, theory, grade, disciplines, woman, minority, rank, paths,"
    " retires_first, retires_last"
)


def derive(
    cursor: CursorWrapper, *, people: str, values: Sequence[object] = (), as_of: date, table: str
) -> None:
    """Write the facts of the cadres in `people` (SQL, column `cadre_id`) to `table`.

    A temporary table with a row a cadre: `named`, how often `people` names them; `birth_date`;
    `woman`, `minority` (NULL: unknown); `degree`, `theory`; `rank` of the primary appointment;
    `paths`, "|path" of the unit of each active appointment, the primary one first; `grade`, the
    worst of last year; `disciplines` in force; `retires_first`, `retires_last`, which differ only
    when the sex is unknown.
    """
    number = _stage_wanted(cursor, people, values)
    _stage_core(cursor, as_of, ("true", "") if number >= MANY else None)
    cursor.execute(
        f"DROP TABLE IF EXISTS {table};"
        f" CREATE TEMP TABLE {table} ON COMMIT DROP AS {_staged_facts()};"
        f" ANALYZE {table} (cadre_id)",
        {"d": as_of},
    )


def derive_between(
    cursor: CursorWrapper, *, people: str, as_of: date, low: int, high: int, table: str
) -> None:
    """Add the facts of very many cadres with ids `low`..`high`, all of `people`, to `table`."""
    # In the order of an index over cadres: cheaper than sorting half of them.
    _stage_wanted(cursor, f"{people} ORDER BY cadre_id", [])
    within = f"BETWEEN {low:d} AND {high:d}"
    _stage_core(cursor, as_of, (f"cadre_id {within}", f" AND c.id {within}"))
    cursor.execute(
        f"INSERT INTO {table} (cadre_id, named, {COLUMNS}) {_staged_facts()}", {"d": as_of}
    )


def facts_of(wanted: str) -> str:
    """The same facts as one statement, for the few cadres in the relation `wanted`.

    Takes %(d)s and %(year)s.
    """
    return FACTS.format(core=f"({_core(wanted, None)})", key="k.cadre_id")


def _staged_facts() -> str:
    return FACTS.format(core=f"NOT MATERIALIZED (TABLE {_CORE})", key="k.cadre_id, k.named")


def _core(wanted: str, whole: tuple[str, str] | None) -> str:
    among, bounds = whole or (f"cadre_id IN (SELECT cadre_id FROM {wanted})", "")
    return CORE.format(among=among, bounds=bounds, wanted=wanted)


def _stage_core(cursor: CursorWrapper, as_of: date, whole: tuple[str, str] | None) -> None:
    """Write `CORE` of the staged people to `_CORE`.

    `whole`: conditions on the part of the indexes that is read in order; None: look everybody up.
    """
    if whole:
        cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_hashagg = off")
    cursor.execute(
        f"CREATE TEMP TABLE {_CORE} ON COMMIT DROP AS {_core(_WANTED, whole)}",
        {"d": as_of, "year": as_of.year},
    )
    if whole:
        cursor.execute("SET LOCAL enable_hashjoin = on; SET LOCAL enable_hashagg = on")
    cursor.execute(f"ANALYZE {_CORE} (cadre_id, birth_date, posts)")


def _stage_wanted(cursor: CursorWrapper, people: str, values: Sequence[Any]) -> int:
    """Write the cadre ids of a statement, in order and once each, to `_WANTED`; how many.

    A table with statistics rather than a CTE: the planner then knows whether it is about ten people
    (index look-ups) or a million (merge joins).
    """
    cursor.execute(
        f"DROP TABLE IF EXISTS {_WANTED}, {_CORE}; CREATE TEMP TABLE {_WANTED} ON COMMIT DROP AS"
        f" SELECT cadre_id, count(*)::integer AS named FROM ({people} OFFSET 0) p"
        " GROUP BY cadre_id ORDER BY cadre_id",
        [*values],
    )
    number = int(cursor.rowcount)
    cursor.execute(f"ANALYZE {_WANTED}")
    return number


# Somebody turns `age` between two days when the birthday lies there (born on 29/2: on 1/3).
TURNED = """
SELECT cadre_id FROM cadres_appointment
 WHERE start_on > %(since)s AND start_on <= %(d)s OR end_on > %(since)s AND end_on <= %(d)s
UNION ALL
SELECT cadre_id FROM cadres_discipline
 WHERE decided_on > %(since)s AND decided_on <= %(d)s
    OR effective_to >= %(since)s AND effective_to < %(d)s
UNION ALL
SELECT id FROM cadres_cadre
 WHERE birth_date = ANY(ARRAY(
           SELECT born::date FROM unnest(%(ages)s::int[]) age
            CROSS JOIN generate_series((%(since)s::date - make_interval(years => age))::date + 1,
                                       (%(d)s::date - make_interval(years => age))::date,
                                       interval '1 day') born))
    OR whole_months(%(since)s, retires_on) <> whole_months(%(d)s, retires_on)
"""


def turned(*, since: date, as_of: date, ages: Sequence[int]) -> tuple[str, dict[str, Any]]:
    """SQL for the cadres (column `cadre_id`) whose facts the calendar alone changed.

    From the day after `since` to `as_of`, within one year: posts and disciplines that begin or end,
    the birthdays of `ages`, and months left until a retirement date that was decided.
    """
    return TURNED, {"since": since, "d": as_of, "ages": ages}


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
