"""Who is a local of a unit: a decision about the person, else the native place."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from cadres.models import Cadre, LocalFlag


def local_sql(cadre: str, unit: str) -> str:
    """SQL "the person is a local of the unit", NULL where nothing is known.

    `cadre`, `unit`: aliases of `cadres_cadre` and `cadres_unit`. CONTRACT section 3: the native
    place is the unit or lies below it; a flag of the nearest unit up the tree goes before.
    """
    return f"""coalesce(
        (SELECT f.is_local FROM cadres_localflag f JOIN cadres_unit w ON w.id = f.unit_id
          WHERE f.cadre_id = {cadre}.id AND {unit}.path >= w.path AND {unit}.path < w.path || '~'
          ORDER BY length(w.path) DESC LIMIT 1),
        (SELECT w.path >= {unit}.path AND w.path < {unit}.path || '~'
           FROM cadres_unit w WHERE w.id = {cadre}.native_unit_id))"""


def local_flags_of(cadre: Cadre) -> QuerySet[Any]:
    """Decisions about one person whom the actor may see, by unit."""
    return LocalFlag.objects.filter(cadre=cadre).select_related("unit").order_by("unit__path")
