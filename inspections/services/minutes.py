"""Minutes: written by the team, signed by both sides; signed ones change by further ones only.

For the team its lead or a deputy signs in the portal, then the unit; or both have signed on paper,
and the scan is kept. A change takes the team's signature back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadres.policies import Actor, require
from cadres.selectors.editing import last_edit
from inspections.choices import MinutesKind
from inspections.merging import EditClash, merge
from inspections.models import Attachment, InspectedUnit, Inspection, Minutes
from inspections.policies import (
    MINUTES_OF_UNITS,
    answers_for,
    can_minute,
    can_sign_minutes,
)
from inspections.selectors.minutes import subjects_of
from inspections.selectors.seen import units_read
from inspections.services import minutes_telling as telling
from inspections.services.attachments import file_drop, file_keep
from inspections.services.holding import InspectionRefused, Stale, lock, refuse

#: What may be written; `kind`, `inspected_unit` and `corrects` are said once.
FIELDS = ("number", "held_on", "place", "participants", "text")
#: What minutes are about, besides the unit.
LINKS = ("items", "findings", "evidence")


@transaction.atomic
def minutes_write(
    *,
    actor: Actor,
    inspection: Inspection,
    kind: str,
    values: Mapping[str, Any],
    inspected: InspectedUnit | None = None,
    corrects: Minutes | None = None,
    links: Mapping[str, Iterable[int]] | None = None,
    uploads: Sequence[Any] = (),
) -> Minutes:
    """Write minutes: `values` by the names of FIELDS, `links` ids by the names of LINKS.

    With `corrects`, signed minutes that these put right: of the same kind and unit. Raises
    PermissionDenied, InspectionRefused, ValidationError.
    """
    held = lock(inspection)
    if corrects is not None:
        kind, inspected = corrects.kind, corrects.inspected_unit
        if corrects.inspection_id != held.pk or not corrects.is_signed:
            raise InspectionRefused([_("Chỉ đính chính biên bản đã ký.")])
    _require_writer(actor, held, kind, inspected)
    minutes = Minutes(
        inspection=held,
        kind=kind,
        inspected_unit=inspected,
        corrects=corrects,
        written_by_id=actor.pk,
        **_texts(values),
    )
    _check(minutes)
    with pghistory.context(user=actor.pk):
        minutes.save()
        _link(actor, minutes, links or {}, {})
        _keep(actor, minutes, uploads)
    return minutes


@transaction.atomic
def minutes_change(
    *,
    actor: Actor,
    minutes: Minutes,
    version: int,
    values: Mapping[str, Any],
    links: Mapping[str, Iterable[int]] | None = None,
    links_before: Mapping[str, Iterable[int]] | None = None,
    uploads: Sequence[Any] = (),
) -> Minutes:
    """Change minutes that nobody has signed for the unit; `version` is what the actor began with.

    `links_before`: what was ticked when they began, so that what others ticked meanwhile stays.
    Raises PermissionDenied, InspectionRefused, ValidationError, EditClash.
    """
    found = _hold(actor, minutes)
    now = {name: getattr(found, name) for name in FIELDS}
    mine = now | _texts(values)
    if found.version != version:
        mine, clashes = merge(_said_at(found, version), mine, now)
        if clashes:
            edit = last_edit(Minutes, found.pk)
            who = edit.who if edit else ""
            raise EditClash(clashes, mine, version=found.version, who=who)
    with pghistory.context(user=actor.pk):
        relinked = _link(actor, found, links or {}, links_before or {})
        kept = _keep(actor, found, uploads)
        if mine != now or relinked or kept:
            for name in FIELDS:
                setattr(found, name, mine[name])
            _unsign(found)
            found.version += 1
            _check(found)
            found.save()
    return found


@transaction.atomic
def minutes_file_drop(*, actor: Actor, minutes: Minutes, file: Attachment) -> None:
    """Take away a file of minutes that are not signed. Raises PermissionDenied,
    InspectionRefused."""
    found = _hold(actor, minutes)
    row = found.attachments.filter(pk=file.pk).first()
    if row is None:
        return
    file_drop(row)
    with pghistory.context(user=actor.pk):
        _unsign(found)
        found.version += 1
        found.save()


@transaction.atomic
def minutes_remove(*, actor: Actor, minutes: Minutes) -> None:
    """Take back minutes that are not signed. Raises PermissionDenied, InspectionRefused."""
    found = _hold(actor, minutes)
    if found.waits_for_unit:
        raise InspectionRefused([_("Biên bản đang chờ đơn vị ký. Hãy sửa để rút lại trước.")])
    for file in found.attachments.all():
        file_drop(file)
    with pghistory.context(user=actor.pk):
        found.delete()


# ---- Signing ---------------------------------------------------------------------------------


@transaction.atomic
def minutes_sign_team(*, actor: Actor, minutes: Minutes, version: int) -> Minutes:
    """Sign for the team what was read, and hand it to the unit to sign.

    Raises PermissionDenied, InspectionRefused, Stale.
    """
    require(can_sign_minutes(actor, minutes.inspection))
    found = _hold(actor, minutes, version=version)
    inspected = found.inspected_unit
    if inspected is None or found.kind not in MINUTES_OF_UNITS:
        text = _("Biên bản này không gửi một đơn vị ký trên cổng; hãy ghi nhận bản đã ký giấy.")
        raise InspectionRefused([text])
    if found.waits_for_unit:
        raise InspectionRefused([_("Đoàn đã ký, đang chờ đơn vị.")])
    found.team_signed_by_id, found.team_signed_on = actor.pk, clock.today()
    found.declined_for = ""
    with pghistory.context(user=actor.pk):
        found.save()
    telling.tell_to_sign(found, inspected)
    return found


@transaction.atomic
def minutes_sign_unit(*, actor: Actor, minutes: Minutes, version: int, signer: str) -> Minutes:
    """Sign for the unit what the team has signed; `signer`: name and post of who does.

    Raises PermissionDenied, InspectionRefused, Stale.
    """
    found = _hold_side(actor, minutes, version)
    if not signer.strip():
        raise InspectionRefused([_("Hãy ghi họ tên, chức vụ người ký của đơn vị.")])
    found.unit_signer = signer.strip()[:160]
    found.unit_signed_by_id, found.unit_signed_on = actor.pk, clock.today()
    found.is_signed = True
    with pghistory.context(user=actor.pk):
        found.save()
    telling.tell_signed(found)
    return found


@transaction.atomic
def minutes_decline(*, actor: Actor, minutes: Minutes, version: int, reason: str) -> Minutes:
    """Give minutes back unsigned, with what the unit would have put right.

    Raises PermissionDenied, InspectionRefused, Stale.
    """
    found = _hold_side(actor, minutes, version)
    if not reason.strip():
        raise InspectionRefused([_("Hãy ghi nội dung đơn vị chưa thống nhất.")])
    _unsign(found)
    found.declined_for = reason.strip()[:2000]
    with pghistory.context(user=actor.pk):
        found.save()
    telling.tell_declined(found)
    return found


@transaction.atomic
def minutes_sign_paper(
    *,
    actor: Actor,
    minutes: Minutes,
    version: int,
    signer: str,
    signed_on: dt.date,
    uploads: Sequence[Any] = (),
) -> Minutes:
    """Note that both sides have signed on paper, with the scan.

    Raises PermissionDenied, InspectionRefused, ValidationError, Stale.
    """
    found = _hold(actor, minutes, version=version)
    reasons = []
    if not signer.strip():
        reasons.append(_("Hãy ghi họ tên, chức vụ người ký của đơn vị hoặc nơi xác minh."))
    if signed_on > clock.today():
        reasons.append(_("Ngày ký không được sau hôm nay."))
    if signed_on < found.held_on:
        reasons.append(_("Ngày ký không được trước ngày làm việc."))
    refuse(reasons)
    with pghistory.context(user=actor.pk):
        _keep(actor, found, uploads)
        if not found.attachments.exists():
            raise InspectionRefused([_("Hãy kèm bản chụp hoặc bản quét biên bản đã ký.")])
        found.team_signed_by_id, found.team_signed_on = actor.pk, signed_on
        found.unit_signer, found.unit_signed_on = signer.strip()[:160], signed_on
        found.declined_for = ""
        found.is_signed = True
        found.save()
    telling.tell_signed(found)
    return found


def _unsign(minutes: Minutes) -> None:
    minutes.team_signed_by, minutes.team_signed_on = None, None


# ---- Within ----------------------------------------------------------------------------------


def _require_writer(
    actor: Actor, inspection: Inspection, kind: str, inspected: InspectedUnit | None
) -> None:
    """Raise PermissionDenied unless the actor writes such minutes of such a unit."""
    require(can_minute(actor, inspection, kind))
    if inspected is not None:
        require(inspected.pk in {each.pk for each in units_read(actor, inspection)})


def _hold(actor: Actor, minutes: Minutes, *, version: int | None = None) -> Minutes:
    """Hold minutes that the actor writes and that are not signed; with `version`, as they saw them.

    Raises PermissionDenied, InspectionRefused, Stale.
    """
    held = lock(minutes.inspection)
    found = Minutes.objects.select_related("inspected_unit__unit").get(pk=minutes.pk)
    found.inspection = held
    _require_writer(actor, held, found.kind, found.inspected_unit)
    if found.is_signed:
        raise InspectionRefused(
            [_("Biên bản đã ký, không sửa được nữa; hãy lập biên bản đính chính.")]
        )
    if version is not None and found.version != version:
        raise Stale
    return found


def _hold_side(actor: Actor, minutes: Minutes, version: int) -> Minutes:
    """Hold minutes that wait for the actor's unit. Raises PermissionDenied, InspectionRefused,
    Stale."""
    held = lock(minutes.inspection)
    found = Minutes.objects.select_related("inspected_unit__unit").get(pk=minutes.pk)
    found.inspection = held
    require(found.inspected_unit is not None and answers_for(actor, found.inspected_unit))
    if not found.waits_for_unit:
        raise InspectionRefused([_("Biên bản không còn chờ đơn vị ký. Hãy tải lại trang.")])
    if found.version != version:
        raise Stale
    return found


def _texts(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.replace("\r\n", "\n").strip() if isinstance(value, str) else value
        for name, value in values.items()
        if name in FIELDS
    }


def _check(minutes: Minutes) -> None:
    """Raises ValidationError."""
    if not minutes.text:
        raise ValidationError({"text": [_("Hãy ghi nội dung làm việc.")]})
    if minutes.held_on > clock.today():
        raise ValidationError({"held_on": [_("Ngày làm việc không được sau hôm nay.")]})
    decided = minutes.inspection.decision_on
    if decided and minutes.held_on < decided:
        raise ValidationError({"held_on": [_("Ngày làm việc không được trước ngày quyết định.")]})
    if minutes.kind == MinutesKind.WORKING and minutes.inspected_unit is None:
        raise ValidationError({"unit": [_("Biên bản làm việc phải có đơn vị.")]})
    minutes.full_clean(
        exclude=[
            "inspection", "inspected_unit", "corrects", "written_by", "team_signed_by",
            "unit_signed_by",
        ]
    )  # fmt: skip


def _link(
    actor: Actor,
    minutes: Minutes,
    wanted: Mapping[str, Iterable[int]],
    before: Mapping[str, Iterable[int]],
) -> bool:
    """Tie minutes to what they are about, of what the actor may name; whether anything changed."""
    if not wanted and not before:
        return False
    choice = subjects_of(actor, minutes.inspection)
    changed = False
    for name in LINKS:
        may = {each.pk for each in getattr(choice, name)}
        mine, was = set(wanted.get(name, ())) & may, set(before.get(name, ()))
        ties = getattr(minutes, name)
        now = set(ties.values_list("pk", flat=True))
        new = (now | (mine - was)) - (was - mine)
        if new != now:
            ties.set(new)
            changed = True
    return changed


def _keep(actor: Actor, minutes: Minutes, uploads: Sequence[Any]) -> bool:
    for upload in uploads:
        file_keep(
            actor=actor,
            inspection=minutes.inspection,
            upload=upload,
            inspected_unit=minutes.inspected_unit,
            minutes=minutes,
        )
    return bool(uploads)


def _said_at(minutes: Minutes, version: int) -> dict[str, Any]:
    """What a version said, from the history."""
    events: Any = Minutes.pgh_event_model.objects  # type: ignore[attr-defined]
    event = events.filter(pgh_obj_id=minutes.pk, version=version).order_by("pgh_id").first()
    return {name: getattr(event, name) for name in FIELDS} if event else {}
