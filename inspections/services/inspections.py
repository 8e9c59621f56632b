"""An inspection from its opening to its end: decision, units, outline, steps, conclusion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadres.policies import Actor, require
from inspections.choices import AnswerKind, FindingState, Stage, TableKind, Topic
from inspections.models import InspectedUnit, Inspection, OutlineItem, Recommendation
from inspections.policies import can_conclude, can_follow_up, can_manage, can_open_inspection
from inspections.selectors.inspections import next_stage, obstacles
from inspections.services import telling
from inspections.services.followup import repeats_link
from inspections.services.holding import InspectionRefused, Stale, lock, lock_open, refuse
from inspections.services.mandate import mandates_renew, own_units

#: What may be written of the mandate; everything else follows from acts.
MANDATE = (
    "name",
    "unit",
    "programme",
    "decision_no",
    "decision_on",
    "issuer",
    "subject",
    "purpose",
    "law_examined",
    "period_from",
    "period_to",
    "starts_on",
    "ends_on",
    "extended_to",
    "extension_document",
    "limit_reason",
    "evidence_on",
)


# ---- The mandate -----------------------------------------------------------------------------


@transaction.atomic
def inspection_open(*, actor: Actor, values: Mapping[str, Any]) -> Inspection:
    """Begin to prepare an inspection with the usual outline; `values` by the names of `MANDATE`.

    Raises PermissionDenied, ValidationError.
    """
    inspection = Inspection(**values, created_by_id=actor.pk)
    require(can_open_inspection(actor, inspection.unit))
    _check_dates(inspection)
    inspection.full_clean()
    with pghistory.context(user=actor.pk):
        inspection.save()
        OutlineItem.objects.bulk_create(
            OutlineItem(inspection=inspection, number=number, **item)
            for number, item in enumerate(usual_outline(), start=1)
        )
    return inspection


@transaction.atomic
def inspection_change(
    *, actor: Actor, inspection: Inspection, version: int, values: Mapping[str, Any]
) -> Inspection:
    """Change the mandate that is still as the actor saw it; not after the conclusion.

    Raises PermissionDenied, ValidationError, InspectionRefused.
    """
    held = _lock_seen(inspection, version)
    require(can_manage(actor, held))
    whole_time = (held.starts_on, held.last_day)
    for name, value in values.items():
        setattr(held, name, value)
    require(can_manage(actor, held))
    _check_dates(held)
    held.version += 1
    held.full_clean()
    with pghistory.context(user=actor.pk):
        held.save()
        # Who may read for the whole time goes on reading when it is extended.
        held.team.filter(mandate_from=whole_time[0], mandate_to=whole_time[1]).update(
            mandate_from=held.starts_on, mandate_to=held.last_day
        )
    mandates_renew(actor=actor, inspection=held)
    return held


def _lock_seen(inspection: Inspection, version: int | None) -> Inspection:
    """Hold an open inspection that is still as the actor saw it; None: however it is.

    Raises InspectionRefused, Stale.
    """
    held = lock_open(inspection)
    if version is not None and held.version != version:
        raise Stale
    return held


def _check_dates(inspection: Inspection) -> None:
    errors: dict[str, list[str]] = {}
    if inspection.stage != Stage.PREPARING:
        for name in ("decision_no", "decision_on"):
            if not getattr(inspection, name):
                errors[name] = [_("Đã triển khai nên không bỏ trống được.")]
    if inspection.period_to < inspection.period_from:
        errors["period_to"] = [_("Mốc thời gian kết thúc trước khi bắt đầu.")]
    if inspection.ends_on < inspection.starts_on:
        errors["ends_on"] = [_("Ngày kết thúc trước ngày bắt đầu.")]
    if inspection.period_to > inspection.ends_on:
        errors["period_to"] = [_("Mốc thời gian không được sau ngày kết thúc kiểm tra.")]
    if inspection.extended_to and inspection.extended_to <= inspection.ends_on:
        errors["extended_to"] = [_("Ngày gia hạn phải sau ngày kết thúc.")]
    if inspection.extended_to and not inspection.extension_document:
        errors["extension_document"] = [_("Thiếu văn bản gia hạn.")]
    if errors:
        raise ValidationError(errors)


def usual_outline() -> list[dict[str, Any]]:
    """The outline that an inspection of planning begins with; the office edits it."""
    table, text, files = AnswerKind.TABLE, AnswerKind.TEXT, AnswerKind.FILES
    rows: tuple[tuple[Topic, AnswerKind, str, str], ...] = (
        (Topic.HEAD, text, "", _("Lãnh đạo, chỉ đạo, phân công trách nhiệm người đứng đầu")),
        (Topic.AGES, table, TableKind.PLANS, _("Quy hoạch: số lượng, cơ cấu, ba độ tuổi")),
        (Topic.STANDARDS, table, TableKind.NOMINEES, _("Danh sách cán bộ trong quy hoạch")),
        (Topic.REVIEW, table, TableKind.REVIEWS, _("Rà soát, bổ sung quy hoạch hằng năm")),
        (Topic.ROTATION, table, TableKind.ROTATIONS, _("Luân chuyển, điều động, biệt phái")),
        (Topic.EVALUATION, table, TableKind.GRADES, _("Đánh giá, xếp loại cán bộ hằng năm")),
        (Topic.TRAINING, table, TableKind.TRAININGS, _("Đào tạo, bồi dưỡng theo quy hoạch")),
        (Topic.APPOINTMENT, table, TableKind.APPOINTMENTS, _("Bổ nhiệm từ nguồn quy hoạch")),
        (Topic.PROCESS, files, "", _("Văn bản, biên bản, phiếu của quy trình quy hoạch")),
    )
    return [
        {"topic": topic, "kind": kind, "table": name, "title": str(title)}
        for topic, kind, name, title in rows
    ]


# ---- Units and outline -----------------------------------------------------------------------


@transaction.atomic
def units_set(
    *,
    actor: Actor,
    inspection: Inspection,
    rows: Iterable[Mapping[str, Any]],
    version: int | None = None,
) -> list[InspectedUnit]:
    """Say which units are inspected, in this order: `unit, head, report_due_on, late_reason`.

    Units that are left out go, unless something was written about them; who leads or belongs to
    the team answers for none of them. With `version`, only if it is still as the actor saw it.
    Raises PermissionDenied, InspectionRefused.
    """
    held = _lock_seen(inspection, version)
    require(can_manage(actor, held))
    rows = list(rows)
    wanted = {row["unit"].pk for row in rows}
    if len(wanted) != len(rows):
        raise InspectionRefused([_("Một đơn vị được chọn hai lần.")])
    present = {each.unit_id: each for each in held.units.select_related("unit")}
    gone = [each for unit_id, each in present.items() if unit_id not in wanted]
    kept = [str(each) for each in gone if _is_used(each)]
    if kept:
        text = _("%(units)s đã có báo cáo, biên bản hoặc nhận định nên không bỏ được.")
        raise InspectionRefused([text % {"units": ", ".join(kept)}])
    with pghistory.context(user=actor.pk):
        for each in gone:
            each.delete()
        found = []
        for place, row in enumerate(rows, start=1):
            one = present.get(row["unit"].pk) or InspectedUnit(inspection=held, unit=row["unit"])
            for name in ("head", "report_due_on", "late_reason"):
                setattr(one, name, row.get(name) or (None if name == "report_due_on" else ""))
            one.place = place
            one.save()
            found.append(one)
        held.version += 1
        held.save(update_fields=["version"])
    own = [
        _("%(user)s (%(units)s)") % {"user": each.user, "units": ", ".join(units)}
        for each in held.team.select_related("user")
        if (units := own_units(held, each.user))
    ]
    if own:
        text = _("Trong đoàn có người đang phụ trách đơn vị được kiểm tra: %(people)s.")
        raise InspectionRefused([text % {"people": "; ".join(own)}])
    mandates_renew(actor=actor, inspection=held)
    return found


def _is_used(inspected: InspectedUnit) -> bool:
    return (
        hasattr(inspected, "self_report")
        or inspected.minutes.exists()
        or inspected.findings.exists()
        or inspected.evidence.exists()
        or inspected.attachments.exists()
        or inspected.documents.exists()
    )


@transaction.atomic
def outline_set(
    *,
    actor: Actor,
    inspection: Inspection,
    items: Iterable[Mapping[str, Any]],
    version: int | None = None,
) -> list[OutlineItem]:
    """Say what units are asked, in this order: `pk` (None: new), `topic, title, kind, table,
    help_text`. Only before the units are asked, and never what one has answered. With `version`,
    only if it is still as the actor saw it. Raises PermissionDenied, InspectionRefused.
    """
    held = _lock_seen(inspection, version)
    require(can_manage(actor, held))
    if held.stage not in (Stage.PREPARING, Stage.DEPLOYING):
        raise InspectionRefused([_("Đề cương đã gửi các đơn vị nên không sửa được.")])
    items = list(items)
    bare = [str(n) for n, item in enumerate(items, start=1) if not item["title"].strip()]
    if bare:
        raise InspectionRefused([_("Mục %(n)s chưa có câu hỏi.") % {"n": ", ".join(bare)}])
    present = {each.pk: each for each in held.outline.all()}
    keep = {item.get("pk") for item in items}
    gone = OutlineItem.objects.filter(pk__in=[pk for pk in present if pk not in keep])
    answered = gone.filter(Q(answers__isnull=False) | Q(attachments__isnull=False)).distinct()
    refuse(
        [
            _("Mục %(n)s đã có đơn vị trả lời nên không bỏ được.") % {"n": item.number}
            for item in answered
        ]
    )
    with pghistory.context(user=actor.pk):
        gone.delete()
        # Out of the way first: numbers are unique.
        for row in present.values():
            if row.pk in keep:
                OutlineItem.objects.filter(pk=row.pk).update(number=row.number + 1000)
        found = []
        for number, item in enumerate(items, start=1):
            one = present.get(item.get("pk") or 0) or OutlineItem(inspection=held)
            for name in ("topic", "title", "kind", "help_text"):
                setattr(one, name, item.get(name, getattr(one, name)))
            one.table = item.get("table", "") if one.kind == AnswerKind.TABLE else ""
            one.number = number
            one.full_clean(exclude=["inspection"], validate_unique=False)
            one.save()
            found.append(one)
        held.version += 1
        held.save(update_fields=["version"])
    return found


# ---- Steps -----------------------------------------------------------------------------------


@transaction.atomic
def inspection_advance(*, actor: Actor, inspection: Inspection) -> Inspection:
    """Begin the next step, with nothing in the way. Raises PermissionDenied, InspectionRefused.

    The conclusion and the end of the follow-up are acts of their own.
    """
    held = lock(inspection)
    require(can_manage(actor, held))
    if held.stage in (Stage.CONCLUDING, Stage.FOLLOWING, Stage.CLOSED):
        raise InspectionRefused([_("Bước này không chuyển bằng cách đó. Hãy tải lại trang.")])
    refuse([each.text for each in obstacles(held)])
    following = next_stage(held)
    assert following is not None  # noqa: S101 - closed has none, and is refused above
    held.stage = following
    with pghistory.context(user=actor.pk):
        held.save(update_fields=["stage"])
    mandates_renew(actor=actor, inspection=held)
    telling.tell_stage(held)
    return held


@transaction.atomic
def inspection_step_back(*, actor: Actor, inspection: Inspection) -> Inspection:
    """Go back one step, while nothing is concluded. Raises PermissionDenied, InspectionRefused."""
    held = lock_open(inspection)
    require(can_manage(actor, held))
    order = list(Stage)
    place = order.index(Stage(held.stage))
    if place == 0:
        raise InspectionRefused([_("Đang ở bước đầu tiên.")])
    held.stage = order[place - 1]
    with pghistory.context(user=actor.pk):
        held.save(update_fields=["stage"])
    return held


@transaction.atomic
def inspection_conclude(
    *, actor: Actor, inspection: Inspection, conclusion_no: str, concluded_on: dt.date
) -> Inspection:
    """Issue the conclusion: from now on nothing changes but by a recorded correction.

    Raises PermissionDenied, InspectionRefused.
    """
    held = lock(inspection)
    require(can_conclude(actor, held))
    reasons = []
    if held.stage != Stage.CONCLUDING:
        reasons.append(_("Chưa đến bước kết luận, hoặc đã kết luận. Hãy tải lại trang."))
    if not conclusion_no.strip():
        reasons.append(_("Thiếu số thông báo kết luận."))
    if concluded_on > clock.today():
        reasons.append(_("Ngày kết luận không được sau hôm nay."))
    if concluded_on < held.starts_on:
        reasons.append(_("Ngày kết luận không được trước ngày bắt đầu kiểm tra."))
    refuse(reasons)
    held.conclusion_no, held.concluded_on = conclusion_no.strip(), concluded_on
    held.concluded_by_id = actor.pk
    held.stage = Stage.FOLLOWING
    with pghistory.context(user=actor.pk):
        # What was left out asks nothing of anybody.
        Recommendation.objects.filter(
            finding__inspection=held, finding__state=FindingState.DROPPED
        ).delete()
        held.save(update_fields=["conclusion_no", "concluded_on", "concluded_by", "stage"])
    repeats_link(actor=actor, inspection=held)
    mandates_renew(actor=actor, inspection=held)
    telling.tell_stage(held)
    return held


@transaction.atomic
def inspection_close(*, actor: Actor, inspection: Inspection) -> Inspection:
    """End the follow-up. Raises PermissionDenied, InspectionRefused."""
    held = lock(inspection)
    require(can_follow_up(actor, held))
    if held.stage != Stage.FOLLOWING:
        raise InspectionRefused([_("Chỉ kết thúc hồ sơ sau khi đã kết luận.")])
    refuse([each.text for each in obstacles(held)])
    held.stage = Stage.CLOSED
    with pghistory.context(user=actor.pk):
        held.save(update_fields=["stage"])
    return held
