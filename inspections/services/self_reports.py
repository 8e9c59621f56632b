"""Self-reports: the unit answers and submits, the team sends back; two who write lose nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, cast

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadres.policies import Actor, require
from cadres.selectors.editing import last_edit
from inspections.choices import AnswerKind, ReportState
from inspections.merging import EditClash, merge
from inspections.models import (
    Attachment,
    InspectedUnit,
    Inspection,
    OutlineItem,
    SelfAnswer,
    SelfReport,
    SelfSubmission,
)
from inspections.policies import answers_for, can_work
from inspections.selectors.seen import units_read
from inspections.selectors.self_reports import (
    ASSESSMENT,
    answer_is_open,
    assessment_is_open,
    has_assessment,
    is_writable,
    questions_of,
    reports_owed,
    seen_mark,
    unit_files,
)
from inspections.services import self_report_telling as telling
from inspections.services.attachments import file_drop, file_keep
from inspections.services.holding import InspectionRefused, Stale, lock_open, refuse

_ANSWER = ("text", "table")
#: What is asked of a unit is a sentence or two, not a paper.
_ASKED_MOST = 2000


# ---- The unit --------------------------------------------------------------------------------


@transaction.atomic
def answer_save(
    *,
    actor: Actor,
    inspected: InspectedUnit,
    item: OutlineItem,
    version: int,
    text: str,
    table: Mapping[str, Any] | None = None,
    uploads: Sequence[Any] = (),
) -> SelfAnswer:
    """Save the answer to one question as the unit gives it; `version` is what the actor began
    with, 0 for none. `table` has the shape of selectors.prefill and is kept as it is given.

    Raises PermissionDenied, InspectionRefused, ValidationError, EditClash.
    """
    held, report = _hold(actor, inspected)
    asked = held.inspection.outline.filter(pk=item.pk).first()
    require(asked is not None)
    answer = SelfAnswer.objects.filter(report=report, item=item).first()
    if not answer_is_open(held, report, answer):
        raise InspectionRefused([_closed_words(held)])
    answer = answer or SelfAnswer(report=report, item=item)
    now = {name: getattr(answer, name) for name in _ANSWER}
    mine: dict[str, Any] = {
        "text": text.replace("\r\n", "\n").strip(),
        "table": dict(table) if table is not None and item.kind == AnswerKind.TABLE else None,
    }
    if answer.version != version:
        mine = _merged(SelfAnswer, answer, version, mine, now)
    with pghistory.context(user=actor.pk):
        if mine != now or not answer.pk:
            answer.text, answer.table = mine["text"], mine["table"]
            answer.version += 1
            answer.full_clean(exclude=["report", "item"])
            answer.save()
        for upload in uploads:
            kept = file_keep(
                actor=actor,
                inspection=held.inspection,
                upload=upload,
                inspected_unit=held,
                item=item,
                from_unit=True,
            )
            if kept.is_withdrawn:
                kept.is_withdrawn = False
                kept.save(update_fields=["is_withdrawn"])
    return answer


@transaction.atomic
def answer_file_drop(*, actor: Actor, inspected: InspectedUnit, file: Attachment) -> None:
    """Take away a file that the unit put in with an answer that is open. What was submitted with
    it keeps it.

    Raises PermissionDenied, InspectionRefused.
    """
    held, report = _hold(actor, inspected)
    found = unit_files(held).filter(pk=file.pk).first()
    if found is None:
        return
    answer = SelfAnswer.objects.filter(report=report, item=found.item).first()
    if not answer_is_open(held, report, answer):
        raise InspectionRefused([_closed_words(held)])
    if found.submissions.exists():
        found.is_withdrawn = True
        found.save(update_fields=["is_withdrawn"])
    else:
        file_drop(found)


@transaction.atomic
def assessment_save(
    *, actor: Actor, inspected: InspectedUnit, version: int, values: Mapping[str, str]
) -> SelfReport:
    """Save the unit's own assessment: `strengths, shortcomings, causes, proposals`.

    Raises PermissionDenied, InspectionRefused, ValidationError, EditClash.
    """
    held, report = _hold(actor, inspected)
    if not assessment_is_open(held, report):
        raise InspectionRefused([_closed_words(held)])
    now = {name: getattr(report, name) for name in ASSESSMENT}
    mine = now | {name: text.replace("\r\n", "\n").strip() for name, text in values.items()}
    if report.version != version:
        mine = _merged(SelfReport, report, version, mine, now)
    if mine != now:
        for name in ASSESSMENT:
            setattr(report, name, mine[name])
        report.version += 1
        report.full_clean(exclude=["inspected_unit", "submitted_by"])
        with pghistory.context(user=actor.pk):
            report.save()
    return report


@transaction.atomic
def report_submit(
    *, actor: Actor, inspected: InspectedUnit, number: str, seen: str | None = None
) -> SelfReport:
    """Submit the report under the unit's own number; from now on only the team opens it.

    `seen`: the mark of what the actor has read (selectors.self_reports.seen_mark); None submits
    what there is. Raises PermissionDenied, InspectionRefused, Stale.
    """
    held, report = _hold(actor, inspected)
    if report.state == ReportState.SUBMITTED:
        raise InspectionRefused([_("Báo cáo đã nộp. Hãy tải lại trang.")])
    if not is_writable(held):
        raise InspectionRefused([_closed_words(held)])
    questions = questions_of(held, report)
    if seen is not None and seen != seen_mark(report, questions):
        raise Stale
    blank = [str(each.item.number) for each in questions if not each.is_answered]
    reasons = []
    if blank:
        reasons.append(
            _("Còn mục chưa trả lời: %(n)s. Không có nội dung thì ghi “Không có”.")
            % {"n": ", ".join(blank)}
        )
    if not has_assessment(report):
        reasons.append(_("Phần tự nhận xét chưa có ưu điểm, hạn chế."))
    if not number.strip():
        reasons.append(_("Thiếu số báo cáo."))
    refuse(reasons)
    today = clock.today()
    with pghistory.context(user=actor.pk):
        report.answers.filter(returned_on__isnull=False, amended_on=None).update(amended_on=today)
        report.number = number.strip()[:80]
        report.submitted_on, report.submitted_by_id = today, actor.pk
        _give(actor, held, report, today)
        report.state = ReportState.SUBMITTED
        report.save()
    telling.tell_submitted(held)
    return report


def _give(actor: Actor, inspected: InspectedUnit, report: SelfReport, day: dt.date) -> None:
    """Keep what is submitted as it is given."""
    given = SelfSubmission.objects.create(
        report=report,
        number=report.number,
        submitted_on=day,
        submitted_by_id=cast("int", actor.pk),
        answers={
            str(each.item_id): {"text": each.text, "table": each.table}
            for each in report.answers.all()
        },
        **{name: getattr(report, name) for name in ASSESSMENT},
    )
    given.files.set(unit_files(inspected))


def _hold(actor: Actor, inspected: InspectedUnit) -> tuple[InspectedUnit, SelfReport]:
    """Hold the inspection, and the unit's report, made if there is none.

    Raises PermissionDenied, InspectionRefused.
    """
    inspection = lock_open(inspected.inspection)
    held = inspection.units.select_related("unit").get(pk=inspected.pk)
    held.inspection = inspection
    require(answers_for(actor, held))
    if not is_writable(held):
        raise InspectionRefused([_closed_words(held)])
    with pghistory.context(user=actor.pk):
        report, _made = SelfReport.objects.get_or_create(inspected_unit=held)
    return held, report


def _closed_words(inspected: InspectedUnit) -> str:
    if not is_writable(inspected):
        return _("Lúc này không ghi báo cáo tự kiểm tra: cuộc kiểm tra ở bước “%(stage)s”.") % {
            "stage": inspected.inspection.get_stage_display()
        }
    return _("Mục này đã nộp; chỉ sửa được khi đoàn kiểm tra yêu cầu bổ sung.")


def _merged(
    model: type[SelfAnswer | SelfReport],
    row: SelfAnswer | SelfReport,
    version: int,
    mine: Mapping[str, Any],
    now: Mapping[str, Any],
) -> dict[str, Any]:
    """What both wrote. Raises EditClash where both changed the same."""
    merged, clashes = merge(_said_at(model, row, version, now), mine, now)
    if clashes:
        edit = last_edit(model, row.pk)
        raise EditClash(clashes, merged, version=row.version, who=edit.who if edit else "")
    return merged


def _said_at(
    model: Any, row: SelfAnswer | SelfReport, version: int, fields: Mapping[str, Any]
) -> dict[str, Any]:
    """What a version said, from the history; before the first nothing."""
    if version == 0:
        return {name: None if name == "table" else "" for name in fields}
    events = model.pgh_event_model.objects.filter(pgh_obj_id=row.pk, version=version)
    event = events.order_by("pgh_id").first()
    return {name: getattr(event, name) for name in fields} if event else {}


# ---- The team --------------------------------------------------------------------------------


@transaction.atomic
def report_return(
    *,
    actor: Actor,
    inspected: InspectedUnit,
    reason: str = "",
    items: Mapping[int, str] | None = None,
) -> SelfReport:
    """Send a submitted report back: questions each with what is asked (`items`, by their ids), or
    all of it with one `reason`. Only what is sent back opens for the unit.

    Raises PermissionDenied, InspectionRefused.
    """
    inspection = lock_open(inspected.inspection)
    held = inspection.units.select_related("unit").get(pk=inspected.pk)
    held.inspection = inspection
    _require_team(actor, inspection, held)
    report = SelfReport.objects.filter(inspected_unit=held).first()
    asked = {pk: text.strip() for pk, text in (items or {}).items() if text.strip()}
    reasons = []
    if report is None or report.state != ReportState.SUBMITTED:
        reasons.append(_("Đơn vị chưa nộp báo cáo, hoặc đang bổ sung. Hãy tải lại trang."))
    if not asked and not reason.strip():
        reasons.append(_("Hãy ghi cần bổ sung gì: ở từng mục, hoặc chung cho cả báo cáo."))
    if any(len(text) > _ASKED_MOST for text in (reason, *asked.values())):
        reasons.append(_("Mỗi yêu cầu dài nhất %(n)s ký tự.") % {"n": _ASKED_MOST})
    if not is_writable(held):
        reasons.append(_closed_words(held))
    refuse(reasons)
    report = cast("SelfReport", report)
    present = {each.item_id: each for each in report.answers.all()}
    with pghistory.context(user=actor.pk):
        report.state, report.return_reason = ReportState.RETURNED, reason.strip()
        report.save()
        for item in inspection.outline.filter(pk__in=asked):
            answer = present.get(item.pk) or SelfAnswer(report=report, item=item)
            answer.returned_for = asked[item.pk]
            answer.returned_on, answer.amended_on = clock.today(), None
            answer.save()
    telling.tell_returned(held, report, len(asked))
    return report


def _require_team(actor: Actor, inspection: Inspection, inspected: InspectedUnit) -> None:
    read = {each.pk for each in units_read(actor, inspection)}
    require(can_work(actor, inspection) and inspected.pk in read)


@transaction.atomic
def reports_remind(*, actor: Actor, inspection: Inspection) -> int:
    """Remind the units that have not submitted; each is told once a day. Returns how many owe.

    Raises PermissionDenied, InspectionRefused.
    """
    held = lock_open(inspection)
    require(can_work(actor, held))
    owing = reports_owed(held)
    telling.tell_owing(owing, f"asked-{clock.today():%Y%m%d}")
    return len(owing)
