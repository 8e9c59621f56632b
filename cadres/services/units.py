"""Changes of the organisation: new units, and units under another one with all that is below."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import connection, transaction
from django.db.models import F

from cadres.models import Unit, User
from cadres.policies import can_edit_unit, is_administrator, require


@transaction.atomic
def unit_add(*, actor: User, unit: Unit, parent: Unit | None) -> Unit:
    """Put a new unit below `parent`, or on top. Raises PermissionDenied, ValidationError.

    The place in the tree is computed, never typed.
    """
    require(can_edit_unit(actor, parent) if parent else is_administrator(actor))
    unit.full_clean(exclude=["path", "depth", "numchild"])
    if parent is None:
        return Unit.objects.add_root(instance=unit)
    return Unit.objects.add_child(parent, instance=unit)


# ---- Under the lock of a reorganisation ------------------------------------------------------


def lock_units() -> None:
    """Let nobody else write units until the transaction ends; they may still be read."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE cadres_unit IN SHARE ROW EXCLUSIVE MODE")


def facts_since(day: dt.date | None) -> None:
    """What units were until now is kept as of `day`; None: nothing is kept, it is put right.

    Holds until the transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('cadres.unit_facts', %s, true)", [day.isoformat() if day else "off"]
        )


def facts_as_usual() -> None:
    """Keep what units were until today again, as for any other change."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('cadres.unit_facts', '', true)")


def units_insert(units: Sequence[tuple[Unit, str]]) -> dict[str, Unit]:
    """Write new units, each with the code of the unit above ("" for none): units by code.

    A unit has to come after the one above it. Each becomes the last child there.
    """
    made: dict[str, Unit] = {}
    codes = {parent for _unit, parent in units if parent}
    known = {unit.code: unit for unit in Unit.objects.filter(code__in=codes)}
    last = _last_steps([known[code].path for code in codes if code in known])
    if any(not parent for _unit, parent in units):
        last[""] = _last_steps([""])[""]
    for unit, parent_code in units:
        parent = made.get(parent_code) or known.get(parent_code)
        above = parent.path if parent else ""
        last[above] = last.get(above, 0) + 1
        unit.path = _path(above, last[above])
        unit.depth = len(unit.path) // Unit.steplen
        unit.numchild = 0
        made[unit.code] = unit
        if parent and parent.code in made:
            parent.numchild += 1
    Unit.objects.bulk_create(made.values())
    for code in codes - set(made):
        children = sum(1 for _unit, parent in units if parent == code)
        Unit.objects.filter(code=code).update(numchild=F("numchild") + children)
    return made


def subtree_place(unit_id: int, *, parent_id: int | None, step: str = "") -> tuple[str, str]:
    """Put a unit with all that is below under another one: (path before, path after).

    As the last child; with `step`, the last four characters of a path, in that place if it is free.
    """
    paths = dict(
        Unit.objects.filter(pk__in=[unit_id, *([parent_id] if parent_id else [])]).values_list(
            "pk", "path"
        )
    )
    old, above = paths[unit_id], paths[parent_id] if parent_id else ""
    new = above + step
    if not step or (new != old and Unit.objects.filter(path=new).exists()):
        new = _path(above, _last_steps([above])[above] + 1)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cadres_unit SET path = %(new)s || substr(path, length(%(old)s) + 1),"
            " depth = depth + (length(%(new)s) - length(%(old)s)) / %(step)s"
            " WHERE path >= %(old)s AND path < %(old)s || '~'",
            {"new": new, "old": old, "step": Unit.steplen},
        )
    Unit.objects.filter(path=old[: -Unit.steplen]).update(numchild=F("numchild") - 1)
    Unit.objects.filter(path=above).update(numchild=F("numchild") + 1)
    return old, new


def _path(above: str, number: int) -> str:
    return str(Unit._get_path(above, len(above) // Unit.steplen + 1, number))


def _last_steps(paths: Sequence[str]) -> dict[str, int]:
    """The number of the last child under each path ("" stands for the roots); one query."""
    found = dict.fromkeys(paths, 0)
    if not paths:
        return found
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.path, max(u.path) FROM unnest(%s::text[]) AS p (path)"
            ' JOIN cadres_unit u ON u.path >= p.path COLLATE "C"'
            " AND u.path < (p.path || '~') COLLATE \"C\" AND u.depth = length(p.path) / %s + 1"
            " GROUP BY p.path",
            [list(paths), Unit.steplen],
        )
        for path, last in cursor.fetchall():
            found[path] = int(Unit._str2int(last[-Unit.steplen :]))
    return found
