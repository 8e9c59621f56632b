"""Who changed what, read from the event tables that triggers fill."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Field, Model
from django.utils.translation import gettext_lazy as _

from cadres.models import (
    Appointment,
    Cadre,
    Discipline,
    Evaluation,
    Position,
    Title,
    Training,
    Unit,
    UnitSuccession,
    User,
)
from cadres.policies import Actor, can_see_history, can_see_sensitive_of, in_scope

if TYPE_CHECKING:
    AnyField = Field[Any, Any]
    #: An event, its model, the row's event before it (None: new), and the fields that differ.
    RawChange = tuple[Any, type[Model], tuple[Any, list[AnyField]]]

#: Fields that say nothing to a reader: identity and the mechanics of the tree.
_SILENT = frozenset({"id", "path", "depth", "numchild", "cadre"})
_SENSITIVE = frozenset({"ethnicity_code"})
#: Relations whose models leave the name to be read from the code.
_LABELS = {
    "unit": _("đơn vị"),
    "title": _("chức danh"),
    "successor": _("đơn vị kế tục"),
}
#: A page shows this many changes; older ones stay in the event tables.
LIMIT = 100


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """One field; `was` is None where the row was new. Texts are as a reader knows them."""

    label: str
    was: str | None
    now: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of one row. `who` is empty for work without an account (imports by command)."""

    at: dt.datetime
    who: str
    what: str
    is_new: bool
    fields: list[FieldChange]


def unit_history(actor: Actor, unit: Unit) -> list[Change]:
    """Changes of a unit, its positions and its successors, latest first."""
    if not (can_see_history(actor) and in_scope(actor, unit)):
        return []
    return _history(
        [
            (Unit, [unit.pk]),
            (Position, unit.positions.values("pk")),
            (UnitSuccession, unit.successions.values("pk")),
        ]
    )


def cadre_history(actor: Actor, cadre: Cadre) -> list[Change]:
    """Changes of a person's file, latest first; sensitive ones only for who may see them."""
    if not can_see_history(actor):
        return []
    is_sensitive_shown = can_see_sensitive_of(actor, cadre)
    sources: list[tuple[type[Model], Any]] = [
        (Cadre, [cadre.pk]),
        (Appointment, cadre.appointments.values("pk")),
        (Evaluation, cadre.evaluations.values("pk")),
        (Training, cadre.trainings.values("pk")),
    ]
    if is_sensitive_shown:
        sources.append((Discipline, cadre.disciplines.values("pk")))
    return _history(sources, hidden=frozenset() if is_sensitive_shown else _SENSITIVE)


def _history(
    sources: Iterable[tuple[type[Model], Any]], hidden: frozenset[str] = frozenset()
) -> list[Change]:
    """Merge the changes of several tables; a query a table and three for names."""
    raw = [change for model, ids in sources for change in _changes(model, ids, hidden)]
    raw.sort(key=lambda change: change[0].pgh_id, reverse=True)
    raw.sort(key=lambda change: change[0].pgh_created_at, reverse=True)
    raw = raw[:LIMIT]
    names = _Names([event for event, _model, _pairs in raw])
    return [
        Change(
            at=event.pgh_created_at,
            who=names.account(event),
            what=str(model._meta.verbose_name),
            is_new=before is None,
            fields=[
                FieldChange(
                    label=str(_LABELS.get(field.name, field.verbose_name)),
                    was=None if before is None else names.text(field, before),
                    now=names.text(field, event),
                )
                for field in fields
            ],
        )
        for event, model, (before, fields) in raw
    ]


def _changes(model: type[Model], ids: Any, hidden: frozenset[str]) -> Iterator[RawChange]:
    """Each event with the row's event before it and the fields that differ."""
    events = model.pgh_event_model.objects.filter(pgh_obj__in=ids)  # type: ignore[attr-defined]
    before: dict[int, Any] = {}
    for event in events.select_related("pgh_context").order_by("pgh_obj_id", "pgh_id"):
        last = before.get(event.pgh_obj_id)
        before[event.pgh_obj_id] = event
        fields = [
            field
            for field in _told(model, hidden)
            if last is None or getattr(event, field.attname) != getattr(last, field.attname)
        ]
        if last is None:
            fields = [f for f in fields if getattr(event, f.attname) not in (None, "")]
        if fields:
            yield event, model, (last, fields)


def _told(model: type[Model], hidden: frozenset[str]) -> list[AnyField]:
    recorded = {field.name for field in model.pgh_event_model._meta.fields}  # type: ignore[attr-defined]
    return [
        field
        for field in model._meta.fields
        if field.name in recorded and field.name not in _SILENT | hidden
    ]


class _Names:
    """Names of accounts, units and titles that the changes mention: three queries in all."""

    def __init__(self, events: list[Any]) -> None:
        self._named: dict[type[Model], dict[int, str]] = {}
        self._collect(Unit, events, ("unit_id", "successor_id", "native_unit_id"))
        self._collect(Title, events, ("title_id",))
        users = {user for event in events if (user := self._user_id(event))}
        self._named[User] = {user.pk: str(user) for user in User.objects.filter(pk__in=users)}

    def _collect(self, model: Any, events: list[Any], attnames: tuple[str, ...]) -> None:
        ids = {getattr(event, name, None) for event in events for name in attnames} - {None}
        self._named[model] = dict(model.objects.filter(pk__in=ids).values_list("pk", "name"))

    @staticmethod
    def _user_id(event: Any) -> int | None:
        context = event.pgh_context
        return context.metadata.get("user") if context else None

    def account(self, event: Any) -> str:
        """Who did it."""
        return self._named[User].get(self._user_id(event) or 0, "")

    def text(self, field: AnyField, event: Any) -> str:
        """A value as a reader knows it: the word of a list, the name of a unit, a date."""
        value = getattr(event, field.attname)
        if value is None or value == "":
            return ""
        if field.is_relation:
            return self._named.get(cast("type[Model]", field.related_model), {}).get(
                value, str(value)
            )
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        if isinstance(value, bool):
            return "có" if value else "không"
        return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else str(value)
