"""Writing a staged list: one transaction, one statement per table, with what taking back needs."""

# ruff: noqa: S608 - SQL is composed of names of our own tables; values are parameters

from __future__ import annotations

from collections.abc import Sequence

from django.apps import apps
from django.db.backends.utils import CursorWrapper

from cadres.list_imports.handlers import Written, all_handlers
from cadres.models import ListImport

_FACTS = (
    "sex", "birth_date", "birth_precision", "ethnicity_code", "party_joined_on", "degree", "theory",
)  # fmt: skip
#: Tables in which what is new waits for the ids of new files.
_WAITING = ("staged_people", "staged_grades", "staged_posts")


def write(cursor: CursorWrapper, list_import: ListImport) -> dict[str, int]:
    """Write what `staging.stage` staged; numbers of written rows by kind."""
    numbers = {
        "created": _create_files(cursor, list_import),
        "files": _change_files(cursor, list_import),
        "posts": _create_posts(cursor, list_import),
        "grades": _write_grades(cursor, list_import),
    }
    for handler in all_handlers():
        for written in handler.write(cursor, list_import):
            _keep_created(cursor, list_import, written.model, written.created)
            _keep_changed(cursor, list_import, written)
            name = written.model.rpartition(".")[2]
            numbers[name] = numbers.get(name, 0) + len(written.created) + len(written.changed)
    _note_watermarks(cursor, list_import)
    return numbers


def lock_files(cursor: CursorWrapper, list_import: ListImport) -> None:
    """Hold the files that the list is about, so that what is compared is what is changed."""
    cursor.execute(
        "SELECT id FROM cadres_cadre WHERE id IN (SELECT cadre_id FROM cadres_listimportrow"
        " WHERE list_import_id = %s AND match = 'found') ORDER BY id FOR UPDATE",
        [list_import.pk],
    )


def _create_files(cursor: CursorWrapper, list_import: ListImport) -> int:
    cursor.execute(
        "UPDATE staged_persons SET cadre_id ="
        " nextval(pg_get_serial_sequence('cadres_cadre', 'id')) WHERE is_new"
    )
    if not cursor.rowcount:
        return 0
    for table in _WAITING:
        cursor.execute(
            f"UPDATE {table} t SET cadre_id = p.cadre_id FROM staged_persons p"
            " WHERE p.person_row = t.person_row AND p.is_new"
        )
    columns = ", ".join(_FACTS)
    cursor.execute(
        f"INSERT INTO cadres_cadre (id, code, full_name, {columns})"
        " SELECT p.cadre_id, CASE WHEN p.code <> '' THEN p.code ELSE"
        "        'DS' || %s || '-' || lpad(p.row::text, greatest(4, length(p.row::text)), '0') END,"
        f"       p.full_name, {', '.join('p.' + name for name in _FACTS)}"
        "  FROM staged_people p WHERE p.is_new AND p.is_main ORDER BY p.row",
        [list_import.pk],
    )
    made = cursor.rowcount
    cursor.execute(
        "UPDATE cadres_listimportrow r SET cadre_id = p.cadre_id FROM staged_persons p"
        " WHERE r.list_import_id = %s AND r.row = p.person_row AND p.is_new",
        [list_import.pk],
    )
    _keep(cursor, list_import, "cadres.cadre", "SELECT cadre_id FROM staged_persons WHERE is_new")
    return made


def _change_files(cursor: CursorWrapper, list_import: ListImport) -> int:
    images = ", ".join(f"'{name}', old_{name}" for name in _FACTS)
    cursor.execute(
        "INSERT INTO cadres_listimportchange (list_import_id, model, act, ids, before, watermark)"
        " SELECT %s, 'cadres.cadre', 'changed', ARRAY[cadre_id],"
        f" jsonb_build_object({images}), 0 FROM staged_files",
        [list_import.pk],
    )
    cursor.execute(
        f"UPDATE cadres_cadre c SET {', '.join(f'{name} = s.{name}' for name in _FACTS)}"
        " FROM staged_files s WHERE c.id = s.cadre_id"
    )
    return cursor.rowcount


def _create_posts(cursor: CursorWrapper, list_import: ListImport) -> int:
    return _insert(
        cursor,
        list_import,
        "cadres.appointment",
        "INSERT INTO cadres_appointment (cadre_id, unit_id, title_id, start_on, decision_no)"
        " SELECT cadre_id, unit_id, title_id, start_on, '' FROM staged_posts ORDER BY person_row",
    )


def _write_grades(cursor: CursorWrapper, list_import: ListImport) -> int:
    cursor.execute(
        "INSERT INTO cadres_listimportchange (list_import_id, model, act, ids, before, watermark)"
        " SELECT %s, 'cadres.evaluation', 'changed', ARRAY[old_id],"
        " jsonb_build_object('grade', old_grade), 0 FROM staged_grades WHERE old_id IS NOT NULL",
        [list_import.pk],
    )
    cursor.execute(
        "UPDATE cadres_evaluation e SET grade = s.grade FROM staged_grades s WHERE e.id = s.old_id"
    )
    changed = cursor.rowcount
    made = _insert(
        cursor,
        list_import,
        "cadres.evaluation",
        "INSERT INTO cadres_evaluation (cadre_id, year, grade, unit_id)"
        " SELECT cadre_id, year, grade, unit_id FROM staged_grades WHERE old_id IS NULL"
        " ORDER BY person_row, year",
    )
    return made + changed


def _insert(cursor: CursorWrapper, list_import: ListImport, model: str, statement: str) -> int:
    """Insert rows and remember them in the same statement; their number."""
    cursor.execute(
        f"WITH made AS ({statement} RETURNING id)"
        " INSERT INTO cadres_listimportchange (list_import_id, model, act, ids, watermark)"
        " SELECT %s, %s, 'created', ids, 0 FROM (SELECT array_agg(id) AS ids FROM made) m"
        " WHERE ids IS NOT NULL RETURNING cardinality(ids)",
        [list_import.pk, model],
    )
    row = cursor.fetchone()
    return row[0] if row else 0


def _keep(cursor: CursorWrapper, list_import: ListImport, model: str, select: str) -> None:
    """Remember the new rows of a model: one entry with all their ids."""
    cursor.execute(
        "INSERT INTO cadres_listimportchange (list_import_id, model, act, ids, watermark)"
        f" SELECT %s, %s, 'created', ids, 0 FROM (SELECT array_agg(id) AS ids FROM"
        f" ({select}) AS made(id)) made WHERE ids IS NOT NULL",
        [list_import.pk, model],
    )


def _keep_created(
    cursor: CursorWrapper, list_import: ListImport, model: str, ids: Sequence[int]
) -> None:
    if ids:
        cursor.execute(
            "INSERT INTO cadres_listimportchange (list_import_id, model, act, ids, watermark)"
            " VALUES (%s, %s, 'created', %s, 0)",
            [list_import.pk, model, list(ids)],
        )


def _keep_changed(cursor: CursorWrapper, list_import: ListImport, written: Written) -> None:
    from psycopg2.extras import Json, execute_values

    if written.changed:
        execute_values(
            cursor,
            "INSERT INTO cadres_listimportchange"
            " (list_import_id, model, act, ids, before, watermark) VALUES %s",
            [
                (list_import.pk, written.model, "changed", [pk], Json(before), 0)
                for pk, before in written.changed.items()
            ],
        )


def _note_watermarks(cursor: CursorWrapper, list_import: ListImport) -> None:
    """Events after these are edits that came after the list.

    The rows are locked, or nobody else sees them yet: whoever changes one later draws a later
    number.
    """
    cursor.execute(
        "SELECT DISTINCT model FROM cadres_listimportchange WHERE list_import_id = %s",
        [list_import.pk],
    )
    for (label,) in cursor.fetchall():
        table = event_table(label)
        if table:
            cursor.execute(
                "UPDATE cadres_listimportchange SET watermark ="
                f" (SELECT coalesce(max(pgh_id), 0) FROM {table})"
                " WHERE list_import_id = %s AND model = %s",
                [list_import.pk, label],
            )


def event_table(label: str) -> str:
    """Table of the events of a model; "" for one whose history is not kept."""
    model = apps.get_model(label)
    try:
        events = model._meta.get_field("events")
    except LookupError:
        return ""
    return str(events.related_model._meta.db_table)
