"""What writing a list would do, as temporary tables: made alike for the preview and for writing.

`staged_people`      one row per list row that counts: whose (`person_row`), its facts
`staged_persons`     one row per person: file id (null while new), whether new
`staged_files`       changed facts of existing files, old beside new
`staged_grades`      yearly grades that are new or change
`staged_posts`       titles held that are not on file

Nothing that the list does not say is blanked, and the name and code of an existing file are never
changed by a list: they say whose file it is.
"""

# ruff: noqa: S608 - SQL is composed of names of our own tables; values are parameters

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.choices import Degree, Grade, Sex, Theory
from cadres.ethnic_groups import ETHNIC_GROUPS
from cadres.list_imports.handlers import Line, all_handlers
from cadres.list_imports.rows import analyze
from cadres.models import ListImport

_TABLES = ("staged_people", "staged_persons", "staged_files", "staged_grades", "staged_posts")

#: Facts that a list may change in a file, besides the birth date with its precision.
FACTS = ("sex", "ethnicity_code", "party_joined_on", "degree", "theory")
_LABELS = {
    "sex": gettext_lazy("Giới tính"),
    "birth_date": gettext_lazy("Ngày sinh"),
    "ethnicity_code": gettext_lazy("Dân tộc"),
    "party_joined_on": gettext_lazy("Ngày vào Đảng"),
    "degree": gettext_lazy("Chuyên môn"),
    "theory": gettext_lazy("Lý luận chính trị"),
}

_PEOPLE = """
CREATE TEMP TABLE staged_people ON COMMIT DROP AS
SELECT r.row, coalesce(r.same_as, r.row) AS person_row,
       coalesce(m.cadre_id, r.cadre_id) AS cadre_id,
       coalesce(m.match, r.match) = 'new' AS is_new, r.same_as IS NULL AS is_main,
       r.code, r.full_name, r.sex, r.birth_date, r.birth_precision, r.ethnicity_code,
       r.party_joined_on, r.degree, r.theory, r.unit_id, r.title_id, r.post_from, r.grades,
       r.proposed_title_id, r.proposal
  FROM cadres_listimportrow r
  LEFT JOIN cadres_listimportrow m ON m.list_import_id = r.list_import_id AND m.row = r.same_as
 WHERE r.list_import_id = %(id)s AND r.kind = 'person'
   AND (r.match IN ('new', 'found') OR r.match = 'same' AND m.match IN ('new', 'found'))
   AND (%(rows)s::int[] IS NULL OR coalesce(r.same_as, r.row) = ANY(%(rows)s::int[]))
"""
_PERSONS = """
CREATE TEMP TABLE staged_persons ON COMMIT DROP AS
SELECT person_row, cadre_id, is_new, full_name FROM staged_people WHERE is_main
"""
# A date of which less is known does not replace one that agrees with it and says more.
_FILES = """
CREATE TEMP TABLE staged_files ON COMMIT DROP AS
SELECT * FROM (
    SELECT p.person_row, c.id AS cadre_id,
           c.sex AS old_sex, coalesce(nullif(p.sex, ''), c.sex) AS sex,
           c.ethnicity_code AS old_ethnicity_code,
           coalesce(nullif(p.ethnicity_code, ''), c.ethnicity_code) AS ethnicity_code,
           c.party_joined_on AS old_party_joined_on,
           coalesce(p.party_joined_on, c.party_joined_on) AS party_joined_on,
           c.degree AS old_degree, coalesce(p.degree, c.degree) AS degree,
           c.theory AS old_theory, coalesce(p.theory, c.theory) AS theory,
           c.birth_date AS old_birth_date, c.birth_precision AS old_birth_precision,
           CASE WHEN b.taken THEN p.birth_date ELSE c.birth_date END AS birth_date,
           CASE WHEN b.taken THEN p.birth_precision ELSE c.birth_precision END AS birth_precision
      FROM staged_people p JOIN cadres_cadre c ON c.id = p.cadre_id
     CROSS JOIN LATERAL (SELECT p.birth_date IS NOT NULL AND (c.birth_date IS NULL
           OR array_position(%(ranks)s, p.birth_precision::text)
              > array_position(%(ranks)s, c.birth_precision::text)
           OR CASE least(array_position(%(ranks)s, p.birth_precision::text),
                         array_position(%(ranks)s, c.birth_precision::text))
              WHEN 1 THEN extract(year FROM p.birth_date) <> extract(year FROM c.birth_date)
              WHEN 2 THEN date_trunc('month', p.birth_date) <> date_trunc('month', c.birth_date)
              ELSE p.birth_date <> c.birth_date END) AS taken) b
     WHERE p.is_main AND NOT p.is_new
) f WHERE (sex, ethnicity_code, birth_date, birth_precision, party_joined_on, degree, theory)
   IS DISTINCT FROM (old_sex, old_ethnicity_code, old_birth_date, old_birth_precision,
                     old_party_joined_on, old_degree, old_theory)
"""
# A year that another unit graded differently is left as it is: that unit answers for it.
_GRADES = """
CREATE TEMP TABLE staged_grades ON COMMIT DROP AS
SELECT g.person_row, g.cadre_id, g.year, g.unit_id, g.grade, e.id AS old_id, e.grade AS old_grade
  FROM (SELECT DISTINCT ON (p.person_row, y.key) p.person_row, p.cadre_id, y.key::int AS year,
               coalesce(p.unit_id, %(unit)s) AS unit_id, y.value::smallint AS grade
          FROM staged_people p CROSS JOIN LATERAL jsonb_each_text(p.grades) y
         WHERE p.grades <> '{}'
         ORDER BY p.person_row, y.key, p.row) g
  LEFT JOIN cadres_evaluation e
    ON e.cadre_id = g.cadre_id AND e.year = g.year AND e.unit_id = g.unit_id
 WHERE e.grade IS DISTINCT FROM g.grade
   AND (e.id IS NOT NULL OR g.cadre_id IS NULL OR NOT EXISTS (
        SELECT FROM cadres_evaluation o WHERE o.cadre_id = g.cadre_id AND o.year = g.year))
"""
_POSTS = """
CREATE TEMP TABLE staged_posts ON COMMIT DROP AS
SELECT DISTINCT ON (p.person_row, p.unit_id, p.title_id) p.person_row, p.cadre_id, p.unit_id,
       p.title_id, coalesce(p.post_from, %(as_of)s) AS start_on
  FROM staged_people p
  JOIN cadres_unit u ON u.id = p.unit_id JOIN cadres_title t ON t.id = p.title_id
 WHERE %(posts)s AND (p.cadre_id IS NULL OR NOT EXISTS (
        SELECT FROM cadres_appointment a
         WHERE a.cadre_id = p.cadre_id AND a.unit_id = p.unit_id AND a.title_id = p.title_id
           AND daterange(a.start_on, a.end_on)
               && daterange(coalesce(p.post_from, %(as_of)s), NULL)))
 ORDER BY p.person_row, p.unit_id, p.title_id, p.row
"""


def stage(
    cursor: CursorWrapper, list_import: ListImport, rows: Sequence[int] | None = None
) -> None:
    """Make the tables; with `rows`, only of these people (given by their first row)."""
    for table in _TABLES:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
    values = {
        "id": list_import.pk,
        "rows": None if rows is None else list(rows),
        "unit": list_import.unit_id,
        "as_of": list_import.as_of,
        "posts": list_import.writes_posts,
        "ranks": ["year", "month", "day"],
    }
    for table, sql in zip(_TABLES, (_PEOPLE, _PERSONS, _FILES, _GRADES, _POSTS), strict=True):
        cursor.execute(sql, values)
        analyze(cursor, table)
    for handler in all_handlers():
        handler.stage(cursor, list_import)


def fingerprint(cursor: CursorWrapper) -> str:
    """The same for the same staged changes; ids of files that do not exist yet are not in it."""
    parts = [
        "(SELECT count(*) || ':' || coalesce(sum(hashtextextended(t::text, 1)), 0)"
        f" || ':' || coalesce(sum(hashtextextended(t::text, 2)), 0) FROM {table} t)"
        for table in _TABLES[1:]
    ]
    cursor.execute(f"SELECT md5({' || '.join(parts)})")
    own = str(cursor.fetchone()[0])
    return "".join([own, *(handler.fingerprint(cursor) for handler in all_handlers())])[:64]


def counts(cursor: CursorWrapper) -> dict[str, int]:
    """Number of staged changes by kind."""
    cursor.execute(
        "SELECT (SELECT count(*) FROM staged_persons WHERE is_new),"
        " (SELECT count(*) FROM staged_files), (SELECT count(*) FROM staged_grades),"
        " (SELECT count(*) FROM staged_posts), (SELECT count(*) FROM staged_persons)"
    )
    names = ("created", "files", "grades", "posts", "people")
    found = dict(zip(names, cursor.fetchone(), strict=True))
    for handler in all_handlers():
        found |= handler.counts(cursor)
    return found


def note_effects(cursor: CursorWrapper, list_import: ListImport) -> dict[str, int]:
    """Write on each row what the list does to its person; numbers of people by effect."""
    changed = ["SELECT person_row FROM staged_files", "SELECT person_row FROM staged_grades",
               "SELECT person_row FROM staged_posts"]  # fmt: skip
    changed += [handler.changed_rows() for handler in all_handlers()]
    cursor.execute(
        "UPDATE cadres_listimportrow r SET effect = coalesce(e.effect, '')"
        " FROM cadres_listimportrow k LEFT JOIN ("
        "   SELECT p.person_row, CASE WHEN p.is_new THEN 'created' WHEN c.person_row IS NULL"
        "          THEN 'unchanged' ELSE 'changed' END AS effect"
        "     FROM staged_persons p LEFT JOIN"
        f"         (SELECT DISTINCT person_row FROM ({' UNION ALL '.join(changed)}) x) c"
        "       ON c.person_row = p.person_row) e ON e.person_row = k.row"
        " WHERE k.list_import_id = %s AND r.id = k.id AND r.effect IS DISTINCT FROM"
        " coalesce(e.effect, '')",
        [list_import.pk],
    )
    cursor.execute(
        "SELECT effect, count(*) FROM cadres_listimportrow"
        " WHERE list_import_id = %s AND effect <> '' GROUP BY effect",
        [list_import.pk],
    )
    return dict(cursor.fetchall())


# ---- In words ----------------------------------------------------------------------------------


def lines(cursor: CursorWrapper) -> dict[int, list[Line]]:
    """The staged changes in words, by person."""
    found: dict[int, list[Line]] = {}
    for line in (*_new_lines(cursor), *_file_lines(cursor), *_post_lines(cursor),
                 *_grade_lines(cursor)):  # fmt: skip
        found.setdefault(line.person_row, []).append(line)
    for handler in all_handlers():
        for line in handler.lines(cursor):
            found.setdefault(line.person_row, []).append(line)
    return found


def _new_lines(cursor: CursorWrapper) -> Iterator[Line]:
    cursor.execute(
        "SELECT person_row, sex, birth_date, birth_precision, ethnicity_code, party_joined_on,"
        " degree, theory FROM staged_people WHERE is_new AND is_main ORDER BY person_row"
    )
    for row, sex, born, precision, ethnicity, joined, degree, theory in cursor.fetchall():
        facts = {"sex": sex, "birth_date": born, "ethnicity_code": ethnicity,
                 "party_joined_on": joined, "degree": degree, "theory": theory}  # fmt: skip
        for name, value in facts.items():
            if value not in (None, ""):
                yield Line(
                    person_row=row, label=str(_LABELS[name]), new=shown(name, value, precision)
                )


def _file_lines(cursor: CursorWrapper) -> Iterator[Line]:
    names = ("sex", "birth_date", "ethnicity_code", "party_joined_on", "degree", "theory")
    columns = ", ".join(f"old_{name}, {name}" for name in names)
    cursor.execute(
        f"SELECT person_row, old_birth_precision, birth_precision, {columns}"
        " FROM staged_files ORDER BY person_row"
    )
    for row, was, now, *values in cursor.fetchall():
        for place, name in enumerate(names):
            old, new = values[2 * place], values[2 * place + 1]
            if old != new or (name == "birth_date" and was != now):
                yield Line(
                    person_row=row,
                    label=str(_LABELS[name]),
                    old=shown(name, old, was),
                    new=shown(name, new, now),
                )


def _post_lines(cursor: CursorWrapper) -> Iterator[Line]:
    cursor.execute(
        "SELECT s.person_row, t.name, u.name, s.start_on FROM staged_posts s"
        " JOIN cadres_title t ON t.id = s.title_id JOIN cadres_unit u ON u.id = s.unit_id"
        " ORDER BY s.person_row, t.rank DESC"
    )
    for row, title, unit, start in cursor.fetchall():
        yield Line(
            person_row=row,
            label=_("Giữ chức vụ"),
            new=f"{title}, {unit}",
            note=_("từ %(day)s") % {"day": start.strftime("%d/%m/%Y")},
        )


def _grade_lines(cursor: CursorWrapper) -> Iterator[Line]:
    cursor.execute(
        "SELECT person_row, year, old_grade, grade FROM staged_grades ORDER BY person_row, year"
    )
    for row, year, old, new in cursor.fetchall():
        yield Line(
            person_row=row,
            label=_("Xếp loại %(year)d") % {"year": year},
            old=str(Grade(old).name) if old else "",
            new=str(Grade(new).name),
        )


def shown(name: str, value: object, precision: str = "") -> str:
    """A fact as people read it."""
    if value in (None, ""):
        return ""
    if name == "birth_date":
        form = {"year": "%Y", "month": "%m/%Y"}.get(precision, "%d/%m/%Y")
        return value.strftime(form)  # type: ignore[attr-defined]
    if name == "party_joined_on":
        return value.strftime("%d/%m/%Y")  # type: ignore[attr-defined]
    if name == "ethnicity_code":
        return str(dict(ETHNIC_GROUPS).get(str(value), value))
    lists = {"sex": Sex, "degree": Degree, "theory": Theory}
    return str(lists[name](value).label)
