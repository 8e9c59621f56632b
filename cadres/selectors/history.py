"""Who changed what, when and through which door, read from the event tables that triggers fill.

Deletions are told too: the event of a deletion keeps the row as it last was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from django.db.models import Field, Model, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.ethnic_groups import ETHNIC_GROUPS
from cadres.models import (
    Appointment,
    Biography,
    Cadre,
    CadreSkill,
    Discipline,
    Evaluation,
    Position,
    Title,
    Training,
    Unit,
    UnitSuccession,
    User,
)
from cadres.policies import (
    WHOLE,
    Actor,
    can_see_history,
    can_see_sensitive_of,
    in_scope,
    sensitive_fields,
)

if TYPE_CHECKING:
    AnyField = Field[Any, Any]

#: Fields that say nothing to a reader: identity and the mechanics of the tree.
_SILENT = frozenset({"id", "path", "depth", "numchild", "cadre"})
#: Relations whose models leave the name to be read from the code.
_LABELS = {
    "unit": gettext_lazy("đơn vị"),
    "title": gettext_lazy("chức danh"),
    "successor": gettext_lazy("đơn vị kế tục"),
}
#: So many events of one table are read, the latest; older ones stay in the table.
LIMIT = 2000


class ChangeKind(TextChoices):
    """What happened to a row."""

    NEW = "new", gettext_lazy("Ghi mới")
    CHANGED = "changed", gettext_lazy("Sửa")
    DELETED = "deleted", gettext_lazy("Đã xóa")


@dataclass(frozen=True, kw_only=True)
class FieldChange:
    """One field; `was` is None where the row was new. Texts are as a reader knows them.

    `key` names the field for filters; of a deleted row `was` is what it said last.
    """

    label: str
    was: str | None
    now: str
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of one row.

    `who` is empty for work without an account (imports by command); `what` is the kind of row and
    `about` which one; `door` says through what the change came.
    """

    at: dt.datetime
    who: str
    what: str
    kind: ChangeKind
    fields: list[FieldChange]
    about: str = ""
    door: str = ""

    @property
    def is_new(self) -> bool:
        """Whether the row came into being."""
        return self.kind == ChangeKind.NEW

    @property
    def is_deleted(self) -> bool:
        """Whether the row is gone."""
        return self.kind == ChangeKind.DELETED


class Source(NamedTuple):
    """A tracked model and which of its events are meant."""

    model: type[Model]
    where: Mapping[str, Any]


def unit_history(actor: Actor, unit: Unit) -> list[Change]:
    """Changes of a unit, its positions and its successors, latest first."""
    if not (can_see_history(actor) and in_scope(actor, unit)):
        return []
    return history_of(
        [
            Source(Unit, {"pgh_obj": unit.pk}),
            Source(Position, {"unit": unit.pk}),
            Source(UnitSuccession, {"unit": unit.pk}),
        ]
    )


def cadre_history(actor: Actor, cadre: Cadre) -> list[Change]:
    """Changes of a person's file, latest first; sensitive ones only for who may see them.

    Rows are found by the person that their events name, so that deleted ones are among them.
    """
    if not can_see_history(actor):
        return []
    of_cadre = (Appointment, Evaluation, Training, Discipline, Biography, CadreSkill)
    sources = [Source(Cadre, {"pgh_obj": cadre.pk})]
    sources += [Source(model, {"cadre": cadre.pk}) for model in of_cadre]
    return history_of(sources, is_sensitive_shown=can_see_sensitive_of(actor, cadre))


# ---- Events ----------------------------------------------------------------------------------


class EventPair(NamedTuple):
    """An event with the row's event before it; None for a new row."""

    event: Any
    before: Any

    @property
    def kind(self) -> ChangeKind:
        """What happened. A row that came from elsewhere is new where it is told."""
        if self.event.pgh_label.startswith("delete"):
            return ChangeKind.DELETED
        return ChangeKind.NEW if self.before is None else ChangeKind.CHANGED


def event_pairs(model: type[Model], **where: Any) -> Iterator[EventPair]:
    """The latest events that match, oldest first for each row; one query."""
    events = model.pgh_event_model.objects.filter(**where)  # type: ignore[attr-defined]
    latest = list(events.select_related("pgh_context").order_by("-pgh_id")[:LIMIT])
    before: dict[int, Any] = {}
    for event in reversed(latest):
        yield EventPair(event, before.get(event.pgh_obj_id))
        before[event.pgh_obj_id] = event


def changed_fields(
    pair: EventPair,
    fields: Iterable[AnyField],
    text: Callable[[AnyField, Any], str],
    label: Callable[[AnyField], str],
) -> list[FieldChange]:
    """The fields that differ; of new and deleted rows those that say something."""
    event, before = pair
    kind, model = pair.kind, event.pgh_tracked_model._meta.model_name
    found = []
    for field in fields:
        now = getattr(event, field.attname)
        if kind == ChangeKind.CHANGED and now == getattr(before, field.attname):
            continue
        if kind != ChangeKind.CHANGED and now in (None, ""):
            continue
        told = {ChangeKind.CHANGED: before, ChangeKind.DELETED: event}.get(kind)
        found.append(
            FieldChange(
                label=label(field),
                was=None if told is None else text(field, told),
                now="" if kind == ChangeKind.DELETED else text(field, event),
                key=f"{model}.{field.name}",
            )
        )
    return found


def door_of(event: Any) -> str:
    """Through what a change came: a form, a file, the administration, a command."""
    told = event.pgh_context.metadata if event.pgh_context else {}
    url = told.get("url") or ""
    if told.get("source") == "import":
        file = told.get("file")
        return _("nhập từ tệp %(file)s") % {"file": file} if file else _("nhập từ tệp")
    if told.get("round"):
        person = str(getattr(event, "cadre_id", event.pgh_obj_id))
        proposers = told.get("proposers", {}).get(person)
        if proposers:
            return _("bổ sung lý lịch, %(who)s đề nghị") % {"who": proposers}
        return _("bổ sung lý lịch")
    if url.startswith("/quan-tri/"):
        return _("trang quản trị")
    if url.startswith("/api/"):
        return _("giao diện lập trình")
    return _("biểu mẫu") if url else _("lệnh hoặc việc nền")


def user_of(event: Any) -> int | None:
    """The id of the account that did it."""
    return event.pgh_context.metadata.get("user") if event.pgh_context else None


def plain_text(field: AnyField, value: Any) -> str:
    """A value as a reader knows it: the word of a list, yes or no, a date."""
    if value is None or value == "":
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("có") if value else _("không")
    return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else str(value)


# ---- Histories of this room ------------------------------------------------------------------


def history_of(sources: Iterable[Source], *, is_sensitive_shown: bool = True) -> list[Change]:
    """Merge the changes of several tables; a query a table and three for names."""
    pairs: list[tuple[EventPair, type[Model], list[AnyField]]] = []
    for model, where in sources:
        hidden = frozenset() if is_sensitive_shown else sensitive_fields(model)
        if hidden == WHOLE:
            continue
        fields = _told(model, hidden)
        pairs += [(pair, model, fields) for pair in event_pairs(model, **where)]
    pairs.sort(key=lambda each: (each[0].event.pgh_created_at, each[0].event.pgh_id), reverse=True)
    names = _Names([pair.event for pair, _model, _fields in pairs])
    changes = (_change(pair, model, fields, names) for pair, model, fields in pairs)
    return [change for change in changes if change.fields]


def _change(pair: EventPair, model: type[Model], fields: list[AnyField], names: _Names) -> Change:
    return Change(
        at=pair.event.pgh_created_at,
        who=names.account(pair.event),
        what=str(model._meta.verbose_name),
        about=_about(pair.event, model, names),
        door=door_of(pair.event),
        kind=pair.kind,
        fields=changed_fields(pair, fields, names.text, _label),
    )


def _label(field: AnyField) -> str:
    return str(_LABELS.get(field.name, field.verbose_name))


def _about(event: Any, model: type[Model], names: _Names) -> str:
    """Which row of its kind: "Giám đốc, Sở Nội vụ", "2024", a course."""
    told = {
        Appointment: ("title", "unit"),
        Evaluation: ("year",),
        Discipline: ("kind",),
        Training: ("course",),
        Position: ("title",),
        UnitSuccession: ("successor",),
        CadreSkill: ("kind", "detail"),
    }.get(cast("Any", model), ())
    fields = {field.name: field for field in model._meta.fields}
    words = (names.text(fields[name], event) for name in told)
    return ", ".join(word for word in words if word)


def _told(model: type[Model], hidden: Collection[str]) -> list[AnyField]:
    recorded = {field.name for field in model.pgh_event_model._meta.fields}  # type: ignore[attr-defined]
    return [
        field
        for field in model._meta.fields
        if field.name in recorded and field.name not in _SILENT and field.name not in hidden
    ]


class _Names:
    """Names of accounts, units and titles that the changes mention: three queries in all."""

    def __init__(self, events: list[Any]) -> None:
        self._named: dict[type[Model], dict[int, str]] = {}
        self._collect(Unit, events, ("unit_id", "successor_id", "native_unit_id"))
        self._collect(Title, events, ("title_id",))
        users = {user for event in events if (user := user_of(event))}
        self._named[User] = {user.pk: str(user) for user in User.objects.filter(pk__in=users)}

    def _collect(self, model: Any, events: list[Any], attnames: tuple[str, ...]) -> None:
        ids = {getattr(event, name, None) for event in events for name in attnames} - {None}
        self._named[model] = dict(model.objects.filter(pk__in=ids).values_list("pk", "name"))

    def account(self, event: Any) -> str:
        """Who did it."""
        return self._named[User].get(user_of(event) or 0, "")

    def text(self, field: AnyField, event: Any) -> str:
        """A value as a reader knows it; a relation by its name."""
        value = getattr(event, field.attname)
        if field.is_relation and value is not None:
            named = self._named.get(cast("type[Model]", field.related_model), {})
            return named.get(value, str(value))
        if field.name == "ethnicity_code":
            return ETHNIC_GROUPS.get(value, value)
        return plain_text(field, value)
