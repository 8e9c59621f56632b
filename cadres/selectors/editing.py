"""What edit forms need to know: what a file says now, what may be chosen, who changed what last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import Http404

from cadre_portal.common import clock
from cadres.choices import UnitKind
from cadres.file_fields import COUPLED, FileField, Section
from cadres.models import Cadre, Title, Unit, User
from cadres.policies import EDITING_ROLES, Actor, has_role, unit_scope
from cadres.selectors.cadres import cadres_visible
from cadres.selectors.text import folded
from cadres.selectors.titles import title_list

#: Stands between code and name in what a suggestion fills in.
BETWEEN = " · "
#: More suggestions than this slow a page down and help nobody; codes and names can be typed.
SUGGESTED = 1500
#: A removed row can be brought back for so long.
UNDO_DAYS = 30

# ---- Units and titles to choose --------------------------------------------------------------


def unit_choices(actor: Actor) -> QuerySet[Unit]:
    """Units in which the actor may write, those that exist today first."""
    return Unit.objects.filter(unit_scope(actor, "path", roles=EDITING_ROLES)).order_by("path")


def home_choices(actor: Actor) -> QuerySet[Unit]:
    """Home units: districts and communes are places that everybody knows, whatever the scope."""
    places = Q(kind__in=(UnitKind.DISTRICT, UnitKind.COMMUNE))
    return Unit.objects.filter(places | unit_scope(actor, "path", roles=EDITING_ROLES)).order_by(
        "path"
    )


def find_for(actor: Actor, kind: str, text: str) -> Unit | Title | None:
    """The unit, home unit or title that a typed text means: its code, or its whole name.

    A name that several rows bear means none of them.
    """
    code = text.split(BETWEEN)[0].strip()
    rows: QuerySet[Any]
    if kind == "title":
        rows = title_list(actor)
    else:
        rows = unit_choices(actor) if kind == "unit" else home_choices(actor)
    found: Unit | Title | None = rows.filter(code=code).first()
    if found is not None:
        return found
    alike: list[Any] = list(rows.filter(name__iexact=text.strip())[:2])
    return alike[0] if len(alike) == 1 else None


def names_of(fields: Iterable[FileField], *texts: dict[str, str]) -> dict[str, str]:
    """`kind:CODE` → name of the units and titles that texts mention; at most two queries."""
    codes: dict[str, set[str]] = {kind: set() for kind in COUPLED}
    for one in fields:
        if one.kind in COUPLED:
            codes[one.kind].update(text[one.key] for text in texts if text.get(one.key))
    found: dict[str, str] = {}
    units = codes["unit"] | codes["home"]
    if units:
        for code, name in Unit.objects.filter(code__in=units).values_list("code", "name"):
            found[f"unit:{code}"] = found[f"home:{code}"] = name
    if codes["title"]:
        titles = Title.objects.filter(code__in=codes["title"]).values_list("code", "name")
        found.update({f"title:{code}": name for code, name in titles})
    return found


# ---- Rows ------------------------------------------------------------------------------------


def section_row(cadre: Cadre, section: Section) -> Model | None:
    """The one row of a single section; None for a biography that nobody wrote yet."""
    if section.model is Cadre:
        return cadre
    return section.model._default_manager.filter(cadre=cadre).first()


def section_rows(cadre: Cadre, section: Section) -> list[Any]:
    """The rows of a section, latest first; one query."""
    coupled = [one.attribute for one in section.fields if one.kind in COUPLED]
    first = {"xep-loai": "-year", "ky-luat": "-decided_on"}.get(section.slug, "-start_on")
    rows = section.model._default_manager.filter(cadre=cadre).order_by(first, "pk")
    return list(rows.select_related(*coupled) if coupled else rows)


def section_row_get(cadre: Cadre, section: Section, pk: int) -> Any:
    """One row of the person. Raises Http404."""
    coupled = [one.attribute for one in section.fields if one.kind in COUPLED]
    rows = section.model._default_manager.filter(cadre=cadre, pk=pk)
    row = (rows.select_related(*coupled) if coupled else rows).first()
    if row is None:
        raise Http404
    return row


def can_edit_row(actor: Actor, row: Any) -> bool:
    """Whether the row is about a unit in which the actor writes, or about no unit."""
    unit = getattr(row, "unit", None)
    return unit is None or has_role(actor, *EDITING_ROLES, unit=unit)


# ---- Who, when, what was removed -------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class LastEdit:
    """The latest change of a row; `who` is empty for imports and commands."""

    who: str
    at: dt.datetime


def last_edit(model: type[Model], pk: int | None) -> LastEdit | None:
    """Who changed the row last, from its history; two queries."""
    events = model.pgh_event_model.objects.filter(pgh_obj_id=pk)  # type: ignore[attr-defined]
    event = events.select_related("pgh_context").order_by("-pgh_id").first()
    if event is None:
        return None
    user = event.pgh_context.metadata.get("user") if event.pgh_context else None
    account = User.objects.filter(pk=user).first() if user else None
    return LastEdit(who=str(account or ""), at=event.pgh_created_at)


def removed_rows(cadre: Cadre, section: Section) -> list[Any]:
    """Events of rows removed in the last `UNDO_DAYS` days and not there again, latest first."""
    since = clock.now() - dt.timedelta(days=UNDO_DAYS)
    events: Any = section.model.pgh_event_model.objects  # type: ignore[attr-defined]
    gone = events.filter(cadre_id=cadre.pk, pgh_label="delete", pgh_created_at__gte=since)
    there = section.model._default_manager.filter(cadre=cadre).values("pk")
    newest: dict[int, Any] = {}
    for event in gone.exclude(pgh_obj_id__in=there).order_by("-pgh_id")[:20]:
        newest.setdefault(event.pgh_obj_id, event)
    return list(newest.values())


def cadres_alike(actor: Actor, *, full_name: str, birth_text: str) -> list[Cadre]:
    """Visible people with the same name, read without diacritics, and no other birth date.

    `birth_text` as it is typed: a year alone is alike to every day of that year.
    """
    if not full_name.strip():
        return []
    people = cadres_visible(actor).filter(search_key=folded(full_name.strip()))
    found = []
    for cadre in people[:20]:
        theirs = _birth_parts(cadre)
        mine = [part.strip().zfill(2) for part in birth_text.split("/")[::-1] if part.strip()]
        if all(a == b for a, b in zip(mine, theirs, strict=False)):
            found.append(cadre)
    return found


def _birth_parts(cadre: Cadre) -> list[str]:
    if cadre.birth_date is None:
        return []
    known = {"year": 1, "month": 2}.get(cadre.birth_precision, 3)
    return f"{cadre.birth_date:%Y/%m/%d}".split("/")[:known]
