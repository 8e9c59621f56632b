"""After a correction: which rows of a list have to be looked at again, and its numbers then.

Whom a row is about depends on the rows about the same name, code or file, so those go with it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models import Q

from cadres.list_imports.naming import folded
from cadres.list_imports.rows import Draft
from cadres.lists import Field
from cadres.models import ListImport, ListImportRow
from cadres.services.list_imports.reading import count_questions

#: A correction that touches more rows than this has the whole list read.
MOST = 1_500
#: Cells of these say what other rows are, or are written once for several people.
FAR_REACHING = frozenset(
    {Field.NUMBER, Field.UNIT, Field.TITLE, Field.PLANNED_TITLE, Field.GIVEN_NAME}
)
_NAMES = frozenset({Field.FULL_NAME, Field.FAMILY_NAME})

_AROUND = """
WITH given AS MATERIALIZED (
    SELECT row, name_key, code, cadre_id, same_as FROM cadres_listimportrow
     WHERE list_import_id = %(id)s AND row = ANY(%(rows)s)
)
SELECT r.row FROM cadres_listimportrow r
 WHERE r.list_import_id = %(id)s AND r.kind = 'person' AND (
       r.row = ANY(%(rows)s)
       OR r.name_key IN (SELECT name_key FROM given) OR r.name_key = vi_fold(%(name)s)
       OR r.same_as IN (SELECT row FROM given) OR r.row IN (SELECT same_as FROM given)
       OR r.row = %(same)s
       OR r.cadre_id IN (SELECT cadre_id FROM given) OR r.cadre_id = %(cadre)s
       OR r.code <> '' AND (r.code IN (SELECT code FROM given) OR r.code = %(code)s))
"""


def clues(column: dict[str, Any] | None, key: str, value: str) -> dict[str, Any]:
    """What a decision says of the rows that it newly brings together."""
    kind, _sign, number = value.partition(":")
    if key.startswith("@") and number.isdigit():
        return {"cadre": int(number)} if kind == "cadre" else {"same": int(number)}
    name = column.get("field") if column else None
    if name in _NAMES:
        return {"name": value}
    return {"code": value} if name == Field.CODE else {}


def around(
    held: ListImport,
    rows: Collection[int],
    *,
    name: str = "",
    code: str = "",
    cadre: int | None = None,
    same: int | None = None,
) -> set[int]:
    """These people and all who may be the same; empty where one of the rows is no person."""
    values: dict[str, Any] = {
        "id": held.pk, "rows": list(rows), "name": " ".join(name.split()), "code": code,
        "cadre": cadre, "same": same,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_AROUND, values)
        found = {row for (row,) in cursor.fetchall()}
    return found if found >= set(rows) else set()


def rows_that_ask(held: ListImport, text: str) -> set[int]:
    """People of whom it was asked what this text means."""
    key = folded(text)
    asked = {f"unknown_{name}" for name in (Field.UNIT, Field.TITLE, Field.PLANNED_TITLE)}
    asking = Q()
    for code in asked:
        asking |= Q(problems__contains=[{"code": code}])
    rows = ListImportRow.objects.filter(asking, list_import=held).values_list("row", "problems")
    return {
        row
        for row, problems in rows
        if any(p["code"] in asked and key in folded(p["message"]) for p in problems)
    }


def reach_further(held: ListImport, drafts: list[Draft]) -> bool:
    """Whether the people are now about a file, name or code that other rows are about as well."""
    again = {draft.row for draft in drafts}
    files = {draft.cadre_id for draft in drafts if draft.cadre_id}
    others = ListImportRow.objects.filter(list_import=held).exclude(row__in=again)
    same = Q(cadre_id__in=files) | Q(full_name__in={d.full_name for d in drafts if d.full_name})
    return others.filter(same).exists()


def count(held: ListImport, again: set[int]) -> dict[str, Any]:
    """What the pages say of the list in numbers, anew; what it said of these rows is past."""
    people = ListImportRow.objects.filter(list_import=held, kind=ListImportRow.Kind.PERSON)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE match IN ('skip', 'held')),"
            " coalesce(sum(errors), 0), coalesce(sum(reviews), 0),"
            " count(*) FILTER (WHERE errors = 0 AND match NOT IN ('skip', 'held'))"
            " FROM cadres_listimportrow WHERE list_import_id = %s AND kind = 'person'",
            [held.pk],
        )
        numbers = dict(
            zip(("people", "skipped", "errors", "reviews", "ready"), cursor.fetchone(), strict=True)
        )
    asked = people.filter(Q(errors__gt=0) | Q(reviews__gt=0)).order_by("row")
    return {
        **numbers,
        **count_questions(asked.values_list("row", "problems").iterator()),
        "notes": [n for n in held.counts.get("notes", []) if n.get("row") not in again],
    }
