"""Reorganisations: drafted, applied as one act, undone as long as nothing was built on it.

Whoever applies or undoes holds the table of units against other writers: two acts take turns, and
the second finds what the first did. Applying computes the effects anew and writes them only where
they are those that the person saw.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pghistory
import pghistory.models
from django.db import connection, transaction
from django.db.models import F, ForeignObjectRel, Model, Q
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.common.jobs import enqueue
from cadre_portal.templatetags.formats import date, number
from cadres.carrying import Carry, carrier_named
from cadres.choices import ReorganisationStatus, StepKind
from cadres.models import (
    Appointment,
    Position,
    PositionPeriod,
    Reorganisation,
    ReorganisationChoice,
    ReorganisationPost,
    ReorganisationStep,
    RoleGrant,
    Unit,
    UnitPeriod,
    UnitSuccession,
    User,
)
from cadres.policies import can_reorganise, require
from cadres.selectors.act_effects import Effects, effects_of
from cadres.selectors.act_structure import Place
from cadres.services.imports import RECHECK
from cadres.services.positions import positions_are_as_set, positions_put_back, positions_set
from cadres.services.units import (
    facts_as_usual,
    facts_since,
    lock_units,
    subtree_place,
    units_insert,
)

Status = ReorganisationStatus
Record = dict[str, Any]


class ReorganisationChanged(Exception):  # noqa: N818 - the state of the act, not a program error
    """The act, or what it would do, is no longer what the person last saw."""


class ReorganisationRefused(Exception):  # noqa: N818 - said to the person
    """It cannot be done; `reasons` are sentences for the person."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = list(reasons)


# ---- A draft ---------------------------------------------------------------------------------


def reorganisation_add(*, actor: User, values: Mapping[str, Any]) -> Reorganisation:
    """Begin a draft. Raises PermissionDenied."""
    require(can_reorganise(actor))
    with pghistory.context(source="reorganisation", user=actor.pk):
        return Reorganisation.objects.create(created_by=actor, **values)


@transaction.atomic
def reorganisation_edit(
    *, actor: User, act: Reorganisation, version: int, values: Mapping[str, Any]
) -> Reorganisation:
    """Change what a draft says of itself. Raises PermissionDenied, ReorganisationChanged."""
    held = _draft(actor, act, version)
    for name, value in values.items():
        setattr(held, name, value)
    _save(held, *values)
    return held


@transaction.atomic
def reorganisation_drop(*, actor: User, act: Reorganisation) -> None:
    """Throw a draft away. Raises PermissionDenied, ReorganisationChanged."""
    _draft(actor, act, None).delete()


@transaction.atomic
def steps_add(
    *, actor: User, act: Reorganisation, version: int, steps: Iterable[Mapping[str, Any]]
) -> Reorganisation:
    """Add steps at the end of a draft. Raises PermissionDenied, ReorganisationChanged."""
    held = _draft(actor, act, version)
    last = held.steps.order_by("-number").values_list("number", flat=True).first() or 0
    ReorganisationStep.objects.bulk_create(
        ReorganisationStep(reorganisation=held, number=number, **values)
        for number, values in enumerate(steps, start=last + 1)
    )
    _save(held)
    return held


@transaction.atomic
def step_remove(*, actor: User, act: Reorganisation, version: int, number: int) -> Reorganisation:
    """Take a step out of a draft; those after it move up. As steps_add."""
    held = _draft(actor, act, version)
    held.steps.filter(number=number).delete()
    for step in held.steps.filter(number__gt=number).order_by("number"):
        step.number -= 1
        step.save(update_fields=["number"])
    _save(held)
    return held


@transaction.atomic
def people_choose(
    *,
    actor: User,
    act: Reorganisation,
    version: int,
    choices: Mapping[int, tuple[str, int | None] | None],
) -> Reorganisation:
    """Say where holders go: by appointment (unit code, title id); None: as proposed.

    ("", None): no post follows. As steps_add.
    """
    held = _draft(actor, act, version)
    held.choices.filter(appointment__in=choices).delete()
    ReorganisationChoice.objects.bulk_create(
        ReorganisationChoice(
            reorganisation=held, appointment_id=pk, unit_code=said[0], title_id=said[1]
        )
        for pk, said in choices.items()
        if said is not None
    )
    _save(held)
    return held


@transaction.atomic
def posts_set(
    *,
    actor: User,
    act: Reorganisation,
    version: int,
    posts: Mapping[tuple[str, int], int | None],
) -> Reorganisation:
    """Say how many posts a successor gets, by (unit code, title id); None: as proposed."""
    held = _draft(actor, act, version)
    named = Q(pk__in=[])
    for code, title_id in posts:
        named |= Q(unit_code=code, title_id=title_id)
    held.posts.filter(named).delete()
    ReorganisationPost.objects.bulk_create(
        ReorganisationPost(
            reorganisation=held, unit_code=code, title_id=title_id, prescribed=number
        )
        for (code, title_id), number in posts.items()
        if number is not None
    )
    _save(held)
    return held


def _draft(actor: User, act: Reorganisation, version: int | None) -> Reorganisation:
    """The draft, locked; as the person saw it where `version` is given."""
    require(can_reorganise(actor))
    held = Reorganisation.objects.select_for_update().filter(pk=act.pk).first()
    if held is None or held.status != Status.DRAFT:
        raise ReorganisationChanged
    if version is not None and held.version != version:
        raise ReorganisationChanged
    return held


def _save(act: Reorganisation, *fields: str) -> None:
    act.version += 1
    act.save(update_fields=["version", *fields])


# ---- Apply -----------------------------------------------------------------------------------


def reorganisation_apply(*, actor: User, act: Reorganisation, digest: str) -> Reorganisation:
    """Do all of it in one transaction; `digest` is that of the effects which the person saw.

    Raises PermissionDenied, ReorganisationChanged, ReorganisationRefused.
    """
    require(can_reorganise(actor))
    return act_apply(act=act, digest=digest, actor=actor)


@transaction.atomic
def act_apply(
    *, act: Reorganisation, digest: str | None = None, actor: User | None = None
) -> Reorganisation:
    """As reorganisation_apply, for jobs and the demonstration: nobody is asked for a right."""
    with pghistory.context(source="reorganisation", user=actor and actor.pk):
        lock_units()
        held = Reorganisation.objects.select_for_update().get(pk=act.pk)
        if held.status != Status.DRAFT:
            raise ReorganisationChanged
        effects = effects_of(held)
        reasons = [problem.text for problem in effects.problems]
        if not held.decision_no:
            reasons.insert(0, _("Chưa có số quyết định, nghị quyết. Hãy ghi ở phần Thông tin."))
        if reasons:
            raise ReorganisationRefused(reasons)
        if digest is not None and effects.digest != digest:
            raise ReorganisationChanged
        held.record = _write(held, effects)
        held.status, held.applied_by, held.applied_at = Status.APPLIED, actor, clock.now()
        _save(held, "record", "status", "applied_by", "applied_at")
    enqueue(RECHECK)
    return held


def _write(act: Reorganisation, effects: Effects) -> Record:
    """Write everything; what was done, row by row."""
    day, structure = act.effective_on, effects.structure
    record: Record = {"day": day.isoformat()}
    made = units_insert(
        [
            (_new_unit(structure.places[code], day), structure.places[code].parent)
            for code in structure.created
        ]
    )
    ids = {**structure.ids, **{code: unit.pk for code, unit in made.items()}}
    record["created"] = [unit.pk for unit in made.values()]
    changes: list[Record] = [
        _change(place, ids)
        for place in structure.places.values()
        if place.unit and (place.is_renamed or place.is_moved)
    ]
    if day <= clock.today():
        record["changed"], record["periods"] = _change_units(changes, day)
    else:
        record["awaited"], record["periods"] = changes, _foretell(changes, day)
    record["ended"] = _end_units(effects, ids, day)
    record["successions"] = _add_successions(effects, ids)
    record["positions"] = positions_set(effects.posts, ids, structure.ids, day)
    record["appointments"] = _move_people(act, effects, ids)
    record["grants"] = _carry_grants(act, effects, ids)
    carry = _with_ids(effects.carry, ids)
    record["others"] = {}
    for name, _preview in effects.previews:
        carrier = carrier_named(name)
        if carrier:
            record["others"][name] = carrier.apply(carry)
    record["summary"] = _summary(record, effects)
    return record


def _new_unit(place: Place, day: dt.date) -> Unit:
    return Unit(
        code=place.code, name=place.name, kind=place.kind, level=place.level, valid_from=day
    )


def _with_ids(carry: Carry, ids: dict[str, int]) -> Carry:
    return Carry(**{**carry.__dict__, "ids": ids})


def _change(place: Place, ids: dict[str, int]) -> Record:
    """What a unit is to be: JSON, since an act of the future keeps it until its day."""
    assert place.unit is not None  # noqa: S101 - for the type checker
    return {
        "unit": place.unit.pk,
        "facts": [place.name, place.kind, place.level] if place.is_renamed else None,
        "moves": place.is_moved,
        "parent": ids[place.parent] if place.parent else None,
    }


def _change_units(changes: Sequence[Record], day: dt.date) -> tuple[list[Record], list[int]]:
    """Rename and move now; what was before, for undoing it, and the periods that were kept."""
    newest = UnitPeriod.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=[c["unit"] for c in changes])}
    facts_since(day)
    done: list[Record] = []
    renamed = []
    for change in changes:
        unit = units[change["unit"]]
        entry: Record = {"unit": unit.pk}
        if change["facts"]:
            entry["before"] = [unit.name, unit.kind, unit.level]
            entry["after"] = change["facts"]
            unit.name, unit.kind, unit.level = change["facts"]
            renamed.append(unit)
        done.append(entry)
    # Named and moved in one go there would be one change too many to keep: one period for both.
    moving = {change["unit"] for change in changes if change["moves"]}
    for change, entry in zip(changes, done, strict=True):
        if not change["moves"]:
            continue
        parents = _parent_ids([change["unit"]])
        entry["parent_before"] = parents[change["unit"]]
        entry["parent_after"] = change["parent"]
        entry["paths"] = list(subtree_place(change["unit"], parent_id=change["parent"]))
    if moving and any(unit.pk in moving for unit in renamed):
        both = [unit for unit in renamed if unit.pk in moving]
        facts_since(None)
        Unit.objects.bulk_update(both, ["name", "kind", "level"])
        facts_since(day)
        renamed = [unit for unit in renamed if unit.pk not in moving]
    Unit.objects.bulk_update(renamed, ["name", "kind", "level"])
    facts_as_usual()
    kept = UnitPeriod.objects.filter(pk__gt=newest, unit__in=units).order_by("pk")
    return done, list(kept.values_list("pk", flat=True))


def _parent_ids(unit_ids: Sequence[int]) -> dict[int, int | None]:
    step = Unit.steplen
    paths = dict(Unit.objects.filter(pk__in=unit_ids).values_list("pk", "path"))
    above = dict(
        Unit.objects.filter(path__in=[path[:-step] for path in paths.values()]).values_list(
            "path", "pk"
        )
    )
    return {pk: above.get(path[:-step]) for pk, path in paths.items()}


def _foretell(changes: Sequence[Record], day: dt.date) -> list[int]:
    """Note what units will be from a day that is yet to come."""
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=[c["unit"] for c in changes])}
    parents = _parent_ids(list(units))
    rows = []
    for change in changes:
        unit = units[change["unit"]]
        name, kind, level = change["facts"] or (unit.name, unit.kind, unit.level)
        parent = change["parent"] if change["moves"] else parents[unit.pk]
        rows.append(
            UnitPeriod(
                unit=unit, name=name, kind=kind, level=level, parent_id=parent, valid_from=day
            )
        )
    return [row.pk for row in UnitPeriod.objects.bulk_create(rows)]


def _end_units(effects: Effects, ids: dict[str, int], day: dt.date) -> list[int]:
    ended = [ids[code] for code in effects.structure.ended]
    Unit.objects.filter(pk__in=ended).update(valid_to=day - dt.timedelta(days=1))
    return ended


def _add_successions(effects: Effects, ids: dict[str, int]) -> list[int]:
    pairs = [(ids[code], ids[heir]) for code, heir in effects.structure.successions]
    there = set(
        UnitSuccession.objects.filter(unit__in=[unit for unit, _heir in pairs]).values_list(
            "unit_id", "successor_id"
        )
    )
    rows = [
        UnitSuccession(unit_id=unit, successor_id=heir)
        for unit, heir in pairs
        if (unit, heir) not in there
    ]
    return [row.pk for row in UnitSuccession.objects.bulk_create(rows)]


def _move_people(act: Reorganisation, effects: Effects, ids: dict[str, int]) -> Record:
    day = act.effective_on
    ending = [each.appointment for each in effects.people]
    before = [[held.pk, held.end_on.isoformat() if held.end_on else None] for held in ending]
    # They were read under no lock of their own: whoever changed one meanwhile made them differ.
    held = dict(
        Appointment.objects.select_for_update(of=("self",))
        .filter(pk__in=[row.pk for row in ending])
        .values_list("pk", "end_on")
    )
    if any(held.get(row.pk, row.start_on) != row.end_on for row in ending):
        raise ReorganisationChanged
    Appointment.objects.filter(pk__in=held).update(end_on=day)
    begun = Appointment.objects.bulk_create(
        Appointment(
            cadre_id=each.appointment.cadre_id,
            unit_id=ids[each.to_code],
            title=each.to_title,
            start_on=day,
            end_on=each.appointment.end_on,
            decision_no=act.decision_no,
        )
        for each in effects.people
        if each.begins
    )
    return {
        "ended": before,
        "begun": [[row.pk, row.end_on.isoformat() if row.end_on else None] for row in begun],
    }


def _carry_grants(act: Reorganisation, effects: Effects, ids: dict[str, int]) -> list[int]:
    rows = RoleGrant.objects.bulk_create(
        RoleGrant(
            user_id=each.grant.user_id,
            role=each.grant.role,
            unit_id=ids[each.to_code],
            valid_from=max(each.grant.valid_from or act.effective_on, act.effective_on),
            valid_to=each.grant.valid_to,
            reason=_("Sắp xếp theo %(no)s") % {"no": act.decision_no},
        )
        for each in effects.grants
    )
    return [row.pk for row in rows]


def _summary(record: Record, effects: Effects) -> Record:
    return {
        "created": len(record["created"]),
        "ended": len(record["ended"]),
        "renamed": len(effects.structure.renamed),
        "moved": len(effects.structure.moved),
        "positions": len(record["positions"]["created"]),
        "people": len(record["appointments"]["begun"]),
        "without_post": len(effects.without_post),
        "grants": len(record["grants"]),
    }


# ---- On the day ------------------------------------------------------------------------------


@transaction.atomic
def units_settle() -> int:
    """Rename and move units of acts whose day has come: how many acts. Repeating is harmless."""
    lock_units()
    due = Reorganisation.objects.select_for_update().filter(
        status=Status.APPLIED, effective_on__lte=clock.today(), record__has_key="awaited"
    )
    acts = list(due.order_by("effective_on", "pk"))
    for act in acts:
        with pghistory.context(source="reorganisation", user=act.applied_by_id):
            changes = act.record.pop("awaited")
            UnitPeriod.objects.filter(pk__in=act.record["periods"]).delete()
            done, periods = _change_units(changes, act.effective_on)
            act.record |= {"changed": done, "periods": periods}
            _save(act, "record")
    if acts:
        enqueue(RECHECK)
    return len(acts)


# ---- Undo ------------------------------------------------------------------------------------


@transaction.atomic
def reorganisation_undo(*, actor: User, act: Reorganisation) -> Reorganisation:
    """Take an applied act back exactly, while nothing was built on it.

    Raises PermissionDenied, ReorganisationChanged, ReorganisationRefused.
    """
    require(can_reorganise(actor))
    with pghistory.context(source="reorganisation", user=actor.pk):
        lock_units()
        held = Reorganisation.objects.select_for_update().get(pk=act.pk)
        if held.status != Status.APPLIED or "created" not in held.record:
            raise ReorganisationChanged
        reasons = undo_obstacles(held)
        if reasons:
            raise ReorganisationRefused(reasons)
        _take_back(held.record)
        held.status, held.undone_by, held.undone_at = Status.UNDONE, actor, clock.now()
        _save(held, "status", "undone_by", "undone_at")
    enqueue(RECHECK)
    return held


def undo_obstacles(act: Reorganisation) -> list[str]:
    """Why an applied act can no longer be undone; empty when it can."""
    record = act.record
    if "created" not in record:
        return _only_told(act)
    reasons = [*_changed_units(record), *_changed_people(record), *_changed_posts(record)]
    for name, done in record["others"].items():
        carrier = carrier_named(name)
        if carrier:
            reasons += carrier.undo_obstacles(done)
    return reasons or _built_on(record)


def _only_told(act: Reorganisation) -> list[str]:
    """Why an act that was only written down, and never applied here, cannot be taken back."""
    made = act.steps.filter(kind=StepKind.CREATE).values("unit_code")
    units = list(Unit.objects.filter(code__in=made).values_list("pk", flat=True))
    reasons = [
        _(
            "Đợt này được ghi lại sau khi đã diễn ra: cổng không có dữ liệu của từng dòng trước đó "
            "để trả về. Cần sửa thì lập một đợt sắp xếp mới."
        )
    ]
    rows = [f"{what.lower()} {number(count)}" for what, count in _referred(Unit, units, {})]
    if rows:
        said = _("Số dòng đang ghi ở các đơn vị mà đợt này lập: %(rows)s.")
        reasons.append(said % {"rows": ", ".join(rows)})
    return reasons


def _changed_units(record: Record) -> list[str]:
    """Units of the act that were changed again afterwards."""
    day = dt.date.fromisoformat(record["day"])
    last_day = day - dt.timedelta(days=1)
    reasons = []
    for name, ends in Unit.objects.filter(pk__in=record["ended"]).values_list("name", "valid_to"):
        if ends != last_day:
            reasons.append(_("Ngày kết thúc của %(name)s đã được sửa.") % {"name": name})
    entries = {entry["unit"]: entry for entry in record.get("changed", ())}
    parents = _parent_ids(list(entries))
    for unit in Unit.objects.filter(pk__in=entries):
        entry = entries[unit.pk]
        is_renamed = "after" in entry and entry["after"] != [unit.name, unit.kind, unit.level]
        is_moved = "parent_after" in entry and entry["parent_after"] != parents[unit.pk]
        if is_renamed or is_moved:
            reasons.append(
                _("%(name)s đã được đổi tên hoặc chuyển tiếp sau đó.") % {"name": unit.name}
            )
    touched = [*record["created"], *record["ended"], *entries]
    later = (
        UnitPeriod.objects.filter(Q(valid_to__gte=day) | Q(valid_to=None), unit__in=touched)
        .exclude(pk__in=record["periods"])
        .select_related("unit")
    )
    for period in later:
        reasons.append(
            _("%(name)s đã có thay đổi sau ngày %(day)s.")
            % {"name": period.unit.name, "day": date(day)}
        )
    return list(dict.fromkeys(reasons))


def _changed_people(record: Record) -> list[str]:
    """Appointments of the act that were changed, ended or removed afterwards."""
    day = dt.date.fromisoformat(record["day"])
    ended = [pk for pk, _end in record["appointments"]["ended"]]
    begun = dict(record["appointments"]["begun"])
    now = {
        pk: end.isoformat() if end else None
        for pk, end in Appointment.objects.filter(pk__in=begun, start_on=day).values_list(
            "pk", "end_on"
        )
    }
    left = Appointment.objects.filter(pk__in=ended, end_on=day).count()
    if now == begun and left == len(ended):
        return []
    return [_("Quá trình công tác của người được bố trí đã được sửa sau đó; hãy sửa lại trước đã.")]


def _changed_posts(record: Record) -> list[str]:
    if positions_are_as_set(record["positions"], dt.date.fromisoformat(record["day"])):
        return []
    return [_("Số lượng quy định của đơn vị kế tục đã được sửa sau đó.")]


def _built_on(record: Record) -> list[str]:
    """What refers to units and appointments that would disappear, whichever room it is in."""
    own: dict[type[Model], list[int]] = {
        Unit: record["created"],
        Appointment: [pk for pk, _end in record["appointments"]["begun"]],
        Position: record["positions"]["created"],
        PositionPeriod: record["positions"].get("periods", []),
        UnitSuccession: record["successions"],
        RoleGrant: record["grants"],
        UnitPeriod: record["periods"],
    }
    for name, done in record["others"].items():
        carrier = carrier_named(name)
        if carrier:
            for model, ids in carrier.made(done, record["positions"]["created"]).items():
                own[model] = [*own.get(model, []), *ids]
    reasons = []
    said = _("%(what)s: %(n)d dòng đã ghi vào đơn vị mới sau khi sắp xếp.")
    for model in (Unit, Position, Appointment):
        for what, count in _referred(model, own[model], own):
            reasons.append(said % {"what": what, "n": count})
    below = _new_below(record)
    if below:
        reasons.append(
            _("Đã có đơn vị mới bên dưới đơn vị vừa lập: %(names)s.") % {"names": ", ".join(below)}
        )
    return reasons


def _referred(
    model: type[Model], ids: Sequence[int], own: Mapping[type[Model], Sequence[int]]
) -> list[tuple[str, int]]:
    """Each table with rows that refer to these, apart from `own` ones, and how many."""
    found = []
    for other, field in _referring(model) if ids else ():
        rows = other._base_manager.filter(**{f"{field}__in": ids})
        count = rows.exclude(pk__in=own.get(other, [])).count()
        if count:
            found.append((str(other._meta.verbose_name).capitalize(), count))
    return found


def _referring(model: type[Model]) -> list[tuple[type[Model], str]]:
    """Every model of every room that refers to `model`, and by which field; history aside."""
    found: list[tuple[type[Model], str]] = []
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.many_to_many:
            continue
        other = relation.related_model
        if isinstance(other, str) or issubclass(other, pghistory.models.Event):
            continue
        if not getattr(relation.field, "db_constraint", True):
            continue  # notes of what was, and figures that are computed anew
        found.append((other, relation.field.name))
    return found


def _new_below(record: Record) -> list[str]:
    """Names of units that came under created ones otherwise than by the act."""
    paths = Unit.objects.filter(pk__in=record["created"]).values_list("path", flat=True)
    where = Q(pk__in=[])
    for path in paths:
        where |= Q(path__gt=path, path__lt=path + "~")
    below = dict(Unit.objects.filter(where).values_list("pk", "path"))
    moved = {entry["unit"] for entry in record.get("changed", ()) if "paths" in entry}
    known = {path for pk, path in below.items() if pk in moved or pk in set(record["created"])}
    left = [pk for pk, path in below.items() if not any(path.startswith(each) for each in known)]
    return list(Unit.objects.filter(pk__in=left[:5]).values_list("name", flat=True))


def _take_back(record: Record) -> None:
    for name, done in record["others"].items():
        carrier = carrier_named(name)
        if carrier:
            carrier.undo(done)
    RoleGrant.objects.filter(pk__in=record["grants"]).delete()
    begun = [pk for pk, _end in record["appointments"]["begun"]]
    Appointment.objects.filter(pk__in=begun).delete()
    for pk, end in record["appointments"]["ended"]:
        Appointment.objects.filter(pk=pk).update(end_on=end)
    positions_put_back(record["positions"])
    UnitSuccession.objects.filter(pk__in=record["successions"]).delete()
    Unit.objects.filter(pk__in=record["ended"]).update(valid_to=None)
    facts_since(None)
    for entry in reversed(record.get("changed", ())):
        if "paths" in entry:
            step = entry["paths"][0][-Unit.steplen :]
            subtree_place(entry["unit"], parent_id=entry["parent_before"], step=step)
        if "before" in entry:
            name, kind, level = entry["before"]
            Unit.objects.filter(pk=entry["unit"]).update(name=name, kind=kind, level=level)
    facts_as_usual()
    UnitPeriod.objects.filter(pk__in=record["periods"]).delete()
    _remove_posts(record["positions"]["created"])
    _remove_units(record["created"])


def _remove_posts(ids: Sequence[int]) -> None:
    """Positions with what the database made for them; anything in use was an obstacle."""
    for other, field in _referring(Position) if ids else ():
        other._base_manager.filter(**{f"{field}__in": list(ids)}).delete()
    Position.objects.filter(pk__in=ids).delete()


def _remove_units(ids: Sequence[int]) -> None:
    """Units that nothing refers to any more; treebeard would take along what is below."""
    paths = list(Unit.objects.filter(pk__in=ids).values_list("path", flat=True))
    above = [path[: -Unit.steplen] for path in paths]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cadres_unit WHERE id = ANY(%s)", [list(ids)])
    for path in set(above):
        Unit.objects.filter(path=path).update(numchild=F("numchild") - above.count(path))
