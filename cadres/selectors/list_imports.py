"""Reads of uploaded lists, and of what their rows are matched with."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet, Value
from django.shortcuts import get_object_or_404

from cadre_portal.common import clock
from cadres.list_imports import staging
from cadres.list_imports.handlers import Line
from cadres.list_imports.matching import Candidate, Who
from cadres.list_imports.naming import Named, named
from cadres.models import (
    Appointment,
    Cadre,
    ListImport,
    ListImportRow,
    ListSynonym,
    Position,
    Title,
    Unit,
    User,
)
from cadres.periods import active_on, valid_on
from cadres.policies import (
    EDITING_ROLES,
    EVERYTHING,
    Actor,
    below,
    can_import_list_everywhere,
    scope_paths,
    unit_scope,
)
from cadres.selectors.cadres import cadre_scope

#: First number of the advisory lock that a worker holds on a list; the second is its id.
LIST_LOCK = 62_844_171
#: Offices that a list can be of, as a form offers them.
_OFFICES = 400

# ---- Lists -------------------------------------------------------------------------------------


def list_imports(actor: Actor) -> QuerySet[ListImport]:
    """Lists that the actor may look at, the latest first.

    What a list was matched with was chosen by the rights of who uploaded it; so others see it only
    if they may import for all units.
    """
    found = ListImport.objects.select_related("unit", "uploaded_by", "applied_by", "undone_by")
    if not isinstance(actor, User):
        return found.none()
    found = found.filter(unit_scope(actor, roles=EDITING_ROLES))
    return found if can_import_list_everywhere(actor) else found.filter(uploaded_by=actor)


def list_import_get(actor: Actor, pk: int) -> ListImport:
    """One list. Raises Http404 outside the actor's scope."""
    return get_object_or_404(list_imports(actor), pk=pk)


def list_import_is_held(list_import: ListImport) -> bool:
    """Whether a worker is at the list now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
            " WHERE l.locktype = 'advisory' AND l.classid = %s AND l.objid = %s"
            " AND l.granted AND d.datname = current_database())",
            [LIST_LOCK, list_import.pk],
        )
        return bool(cursor.fetchone()[0])


def offices(actor: Actor) -> list[Unit]:
    """Units that the actor may import lists for, by the tree; the topmost are enough of many."""
    where = valid_on(clock.today()) & unit_scope(actor, "path", roles=EDITING_ROLES)
    return list(Unit.objects.filter(where).order_by("depth", "path")[:_OFFICES])


# ---- Rows --------------------------------------------------------------------------------------

#: What a page of rows is narrowed to.
ROW_FILTERS: dict[str, Q] = {
    "": Q(),
    "loi": Q(errors__gt=0),
    "xem": Q(reviews__gt=0),
}


def list_rows(list_import: ListImport, which: str = "") -> QuerySet[ListImportRow]:
    """Rows in the order of the sheet; `which` is a name of ROW_FILTERS."""
    rows = ListImportRow.objects.filter(list_import=list_import)
    return rows.filter(ROW_FILTERS.get(which, Q())).order_by("row")


def effect_rows(list_import: ListImport, effect: str) -> QuerySet[ListImportRow]:
    """People on whom writing the list has that effect, in the order of the sheet."""
    return ListImportRow.objects.filter(list_import=list_import, effect=effect).order_by("row")


# ---- What rows are understood by ---------------------------------------------------------------


@dataclass
class Names:
    """Titles and units that a list of `office` can name, and what the office means by its words."""

    office: Unit
    positions: list[Named]
    titles: list[Named]
    units: list[Named]
    #: Field -> folded text -> code.
    synonyms: dict[str, dict[str, str]] = field(default_factory=dict)


def names_for(actor: Actor, office: Unit, day: dt.date) -> Names:
    """Four queries. Units are those of the office's subtree that the actor may write for."""
    kept = ListSynonym.objects.filter(unit=office).values_list("field", "text", "value")
    synonyms: dict[str, dict[str, str]] = defaultdict(dict)
    for name, text, value in kept:
        synonyms[name][text] = value
    held = Position.objects.filter(unit=office)
    titles = list(Title.objects.order_by("-rank", "code").values_list("pk", "code", "name"))
    near = set(held.values_list("title_id", flat=True))
    where = below(office.path) & valid_on(day) & unit_scope(actor, "path", roles=EDITING_ROLES)
    units = Unit.objects.filter(where).values_list("pk", "code", "name")
    all_titles = named(titles)
    return Names(
        office=office,
        positions=[title for title in all_titles if title.pk in near],
        titles=all_titles,
        units=named(units),
        synonyms=dict(synonyms),
    )


def title_choices(office: Unit, *, only_positions: bool) -> list[Title]:
    """Titles to choose from for a text that was not recognised: those of the office first."""
    titles = Title.objects.order_by("-rank", "code")
    near = set(Position.objects.filter(unit=office).values_list("title_id", flat=True))
    if only_positions:
        return list(titles.filter(pk__in=near))
    return sorted(titles, key=lambda title: title.pk not in near)


# ---- Whom rows may be about --------------------------------------------------------------------

Candidates = Callable[[Sequence[Who]], dict[int, list[Candidate]]]


def candidates_for(actor: User, office: Unit) -> Candidates:
    """Finds the files that rows may be about: same name (diacritics aside), or same code.

    Only files that `actor` may look at are ever compared, so that the answer to a made-up row says
    nothing about anybody else. One query, whatever the number of rows.
    """
    people = _people(actor, office)
    sql, values = people.query.sql_with_params()

    def find(whos: Sequence[Who]) -> dict[int, list[Candidate]]:
        found: dict[int, list[Candidate]] = defaultdict(list)
        if not whos:
            return found
        with connection.cursor() as cursor:
            cursor.execute(
                _CANDIDATES.format(people=sql),
                [
                    [who.row for who in whos],
                    [who.name for who in whos],
                    [who.code for who in whos],
                    *values,
                    *values,
                ],
            )
            for row, pk, *facts in cursor.fetchall():
                told = dict(zip(_FACTS, facts, strict=True))
                found[row].append(Candidate(pk=pk, is_own=pk == actor.cadre_id, **told))
        return found

    return find


_FACTS = ("code", "name", "birth", "precision", "sex", "is_editable", "is_in_office")


def _people(actor: User, office: Unit) -> QuerySet[Cadre, tuple[object, ...]]:
    """Visible people with whether the actor may edit them and whether they serve in the office."""
    serving = Appointment.objects.filter(active_on(clock.today()), cadre=OuterRef("pk"))
    writing = scope_paths(actor, *EDITING_ROLES)
    yes = Value(True, output_field=BooleanField())
    editable: Exists | Value = (
        yes
        if writing == (EVERYTHING,)
        else Exists(serving.filter(unit_scope(actor, roles=EDITING_ROLES)))
    )
    in_office = Exists(serving.filter(below(office.path, "unit__path")))
    return (
        Cadre.objects.order_by()
        .filter(cadre_scope(actor))
        .annotate(
            may_edit=editable,
            near=in_office,
        )
        .values_list(
            "id",
            "code",
            "full_name",
            "birth_date",
            "birth_precision",
            "sex",
            "may_edit",
            "near",
            "search_key",
        )
    )


_CANDIDATES = """
WITH wanted AS MATERIALIZED (
    SELECT w.row, vi_fold(regexp_replace(btrim(w.name), '\\s+', ' ', 'g')) AS key, w.code
      FROM unnest(%s::int[], %s::text[], %s::text[]) AS w(row, name, code)
)
SELECT w.row, p.id, p.code, p.full_name, p.birth_date, p.birth_precision, p.sex, p.may_edit, p.near
  FROM wanted w JOIN ({people}) p ON p.search_key = w.key
UNION
SELECT w.row, p.id, p.code, p.full_name, p.birth_date, p.birth_precision, p.sex, p.may_edit, p.near
  FROM wanted w JOIN ({people}) p ON p.code = w.code WHERE w.code <> ''
 ORDER BY 1, 3
"""


def match_print(actor: User, list_import: ListImport) -> str:
    """The same while the files that rows may be about are the same, and say the same."""
    sql, values = _people(actor, list_import.unit).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            _MATCH_PRINT.format(people=sql), [*values, list_import.pk, *values, list_import.pk]
        )
        return str(cursor.fetchone()[0])


_MATCH_PRINT = """
SELECT md5(coalesce(string_agg(x.line, ',' ORDER BY x.line), '')) FROM (
    SELECT r.row || ' ' || p::text AS line FROM ({people}) p
      JOIN cadres_listimportrow r ON r.name_key = p.search_key
     WHERE r.list_import_id = %s AND r.kind = 'person'
    UNION
    SELECT r.row || ' ' || p::text FROM ({people}) p
      JOIN cadres_listimportrow r ON r.code = p.code
     WHERE r.list_import_id = %s AND r.kind = 'person' AND r.code <> '') x
"""


# ---- What is to decide, what would change --------------------------------------------------------


def list_problem_rows(list_import: ListImport, limit: int | None = None) -> QuerySet[ListImportRow]:
    """Rows with something to decide or to look at."""
    rows = ListImportRow.objects.filter(list_import=list_import).filter(
        Q(errors__gt=0) | Q(reviews__gt=0)
    )
    return rows.order_by("row")[:limit]


def preview_lines(list_import: ListImport, rows: Sequence[int]) -> dict[int, list[Line]]:
    """What writing the list would do to these people; nothing is kept."""
    with transaction.atomic(), connection.cursor() as cursor:
        staging.stage(cursor, list_import, rows)
        found = staging.lines(cursor)
        transaction.set_rollback(True)
    return found


def skipped_rows(list_import: ListImport, limit: int) -> list[ListImportRow]:
    """People whom somebody decided to leave out, or to leave to an officer of all units."""
    rows = ListImportRow.objects.filter(
        list_import=list_import, match__in=ListImportRow.Match.left_out()
    )
    return list(rows.order_by("row")[:limit])


def codes_of(rows: Sequence[ListImportRow], actor: Actor) -> dict[int, str]:
    """Codes of the files that rows are about, by row, as far as the actor may open them."""
    ids = {row.cadre_id: row.row for row in rows if row.cadre_id}
    people = Cadre.objects.filter(cadre_scope(actor), pk__in=ids)
    return {ids[pk]: code for pk, code in people.values_list("pk", "code")}
