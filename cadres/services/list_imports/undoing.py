"""Taking a whole list back, while nothing was built on it."""

# ruff: noqa: S608 - SQL is composed of names of our own tables; values are parameters

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from cadre_portal.templatetags.formats import date_time
from cadres.list_imports.handlers import all_handlers
from cadres.models import Cadre, ListImport, ListImportChange
from cadres.services.list_imports.applying import event_table

#: So many obstacles are told; more would not be read.
LIMIT = 200
Act = ListImportChange.Act


@dataclass(frozen=True)
class Obstacle:
    """Why a list cannot be taken back: the row of the list (None: no one row), in words."""

    row: int | None
    who: str
    why: str


def find_obstacles(list_import: ListImport) -> list[Obstacle]:
    """What was built on the list since it was written; a fixed number of queries."""
    found: dict[tuple[int, str], None] = {}
    with connection.cursor() as cursor:
        for cadre_id, why in (*_later_edits(cursor, list_import), *_built_on(cursor, list_import)):
            found.setdefault((cadre_id, why))
    for handler in all_handlers():
        for cadre_id, why in handler.obstacles(list_import):
            found.setdefault((cadre_id, why))
    whose = _rows_of(list_import, {cadre_id for cadre_id, _why in found})
    obstacles = []
    for cadre_id, why in found:
        row, who = whose.get(cadre_id, (None, ""))
        obstacles.append(Obstacle(row, who, why))
    return sorted(obstacles, key=lambda each: (each.row or 0, each.why))[:LIMIT]


def take_back(cursor: CursorWrapper, list_import: ListImport) -> None:
    """Undo every change, the last first. The caller made sure that nothing stands in the way."""
    for handler in reversed(all_handlers()):
        handler.before_undo(cursor, list_import)
    changes = ListImportChange.objects.filter(list_import=list_import)
    groups = changes.order_by().values_list("model", "act").distinct()
    last = {group: changes.filter(model=group[0], act=group[1]).latest("pk").pk for group in groups}
    for label, act in sorted(last, key=lambda group: -last[group]):
        table = apps.get_model(label)._meta.db_table
        if act == Act.CREATED:
            cursor.execute(
                f"DELETE FROM {table} t USING (SELECT unnest(ids) AS id"
                " FROM cadres_listimportchange WHERE list_import_id = %s AND model = %s"
                " AND act = 'created') made WHERE t.id = made.id",
                [list_import.pk, label],
            )
        else:
            _restore(cursor, list_import, label, table)


def _restore(cursor: CursorWrapper, list_import: ListImport, label: str, table: str) -> None:
    one = ListImportChange.objects.filter(list_import=list_import, model=label, act=Act.CHANGED)
    columns = sorted(one.values_list("before", flat=True)[0] or {})
    known = {f.column for f in apps.get_model(label)._meta.concrete_fields}
    if not set(columns) <= known:
        raise ValueError(columns)
    cursor.execute(
        f"UPDATE {table} t SET {', '.join(f'{name} = b.{name}' for name in columns)}"
        " FROM (SELECT c.ids[1] AS changed_id, was.* FROM cadres_listimportchange c"
        f" CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, c.before) was"
        " WHERE c.list_import_id = %s AND c.model = %s AND c.act = 'changed') b"
        " WHERE t.id = b.changed_id",
        [list_import.pk, label],
    )


# ---- What stands in the way ----------------------------------------------------------------------


def _later_edits(cursor: CursorWrapper, list_import: ListImport) -> Iterator[tuple[int, str]]:
    """Rows that the list wrote and that somebody changed or deleted afterwards."""
    labels = ListImportChange.objects.filter(list_import=list_import).order_by()
    for label in labels.values_list("model", flat=True).distinct():
        table, model = event_table(label), apps.get_model(label)
        if not table:
            continue
        columns = {field.column for field in model._meta.concrete_fields}
        whose = "e.id" if model is Cadre else "e.cadre_id" if "cadre_id" in columns else "0"
        cursor.execute(
            f"SELECT {whose}, max(e.pgh_created_at) FROM {table} e JOIN"
            " (SELECT unnest(ids) AS id, watermark FROM cadres_listimportchange"
            "   WHERE list_import_id = %s AND model = %s) c"
            f" ON e.pgh_obj_id = c.id AND e.pgh_id > c.watermark GROUP BY 1 LIMIT {LIMIT}",
            [list_import.pk, label],
        )
        for cadre_id, when in cursor.fetchall():
            yield (
                cadre_id,
                _("%(what)s đã được sửa lúc %(when)s")
                % {"what": _capital(model._meta.verbose_name), "when": date_time(when)},
            )


def _built_on(cursor: CursorWrapper, list_import: ListImport) -> Iterator[tuple[int, str]]:
    """Rows of any table that came to hang on files that the list created."""
    for relation in Cadre._meta.related_objects:
        field, model = relation.field, relation.related_model
        if not getattr(field, "db_constraint", False) or model._meta.app_label == "admin":
            continue
        key, table = model._meta.pk.column, model._meta.db_table
        cursor.execute(
            f"SELECT d.{field.column}, count(*) FROM {table} d"
            " JOIN (SELECT unnest(ids) AS id FROM cadres_listimportchange WHERE"
            "       list_import_id = %s AND model = 'cadres.cadre' AND act = 'created') c"
            f"   ON c.id = d.{field.column}"
            f" WHERE d.{key} NOT IN (SELECT unnest(o.ids) FROM cadres_listimportchange o"
            "   WHERE o.list_import_id = %s AND o.model = %s AND o.act = 'created')"
            f" GROUP BY 1 LIMIT {LIMIT}",
            [list_import.pk, list_import.pk, model._meta.label_lower],
        )
        for cadre_id, number in cursor.fetchall():
            yield (
                cadre_id,
                _("đã có thêm %(n)d %(what)s") % {"n": number, "what": model._meta.verbose_name},
            )


def _rows_of(list_import: ListImport, cadre_ids: set[int]) -> dict[int, tuple[int, str]]:
    rows: Any = list_import.rows.filter(cadre_id__in=cadre_ids).order_by("-row")
    return {pk: (row, name) for pk, row, name in rows.values_list("cadre_id", "row", "full_name")}


def _capital(text: object) -> str:
    words = str(text)
    return words[:1].upper() + words[1:]
