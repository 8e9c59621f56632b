"""The way of a rotation: proposed, opinions, submitted, decided, begun, ended, arranged.

Each act is one transaction that holds the rotation's row: of two people who act at once the second
finds what the first did. Appointments change when a rotation begins or ends and at no other moment,
and what was written is kept so that it can be taken back exactly.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, cast

import pghistory
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.policies import Actor, require
from cadres.services.cadres import cadre_lock
from cadres.services.moves import (
    MoveOnFile,
    MoveRefused,
    Post,
    move_on_file,
    post_move,
    post_move_complete,
    post_move_undo,
    seats_lock,
)
from compliance.selectors.retirement import whole_months
from rotation.choices import (
    CheckCode,
    DeclineReason,
    RotationKind,
    RotationStatus,
    Side,
)
from rotation.models import (
    Rotation,
    RotationOpinion,
    RotationWaiver,
    TourExtension,
    TourReport,
)
from rotation.policies import (
    can_decide_rotation,
    can_edit_rotation,
    can_give_opinion,
    can_report,
)
from rotation.selectors.checks import checks_of, obstacles_to_approve
from rotation.selectors.rotations import BINDING, NAMED, minimum_months, obstacles_to_submit_all
from rotation.selectors.together import why_not_heard
from rotation.services import telling
from rotation.services.checks import rotations_recheck_after

#: What a proposal says; everything else follows from acts.
PROPOSED = (
    "cadre",
    "kind",
    "from_unit",
    "from_title",
    "to_unit",
    "to_title",
    "start_on",
    "planned_end_on",
    "plan",
    "need",
    "need_note",
)


class RotationRefused(Exception):  # noqa: N818 - said to the person
    """It cannot be done as things stand; `reasons` are sentences for the person."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = list(reasons)


# ---- Proposing -------------------------------------------------------------------------------


@transaction.atomic
def rotation_propose(*, actor: Actor, values: Mapping[str, Any]) -> Rotation:
    """Write down a proposal; `values` by the names of `PROPOSED`.

    Raises PermissionDenied, ValidationError, RotationRefused.
    """
    rotation = Rotation(**values, proposed_by_id=actor.pk, proposed_on=clock.today())
    require(can_edit_rotation(actor, rotation))
    _write_proposal(actor, rotation)
    telling.tell_proposed(rotation)
    return rotation


@transaction.atomic
def rotation_change(
    *, actor: Actor, rotation: Rotation, version: int, values: Mapping[str, Any]
) -> Rotation:
    """Change an open proposal that is still as the actor saw it (`version`).

    Raises PermissionDenied, ValidationError, RotationRefused.
    """
    held = _lock(rotation)
    require(can_edit_rotation(actor, held))
    _require_open(held)
    if held.version != version:
        raise RotationRefused(
            [_("Người khác vừa sửa đề xuất này. Hãy xem bản mới rồi sửa lần nữa.")]
        )
    before = (held.cadre_id, held.from_unit_id, held.from_title_id, *_where_to(held))
    for name, value in values.items():
        setattr(held, name, value)
    require(can_edit_rotation(actor, held))
    _write_proposal(actor, held)
    if before != (held.cadre_id, held.from_unit_id, held.from_title_id, *_where_to(held)):
        # What was said of another post is not said of this one; the history keeps it.
        with pghistory.context(user=actor.pk):
            held.opinions.all().delete()
            held.waivers.all().delete()
    return held


def _where_to(rotation: Rotation) -> tuple[int, int]:
    return rotation.to_unit_id, rotation.to_title_id


def _write_proposal(actor: Actor, rotation: Rotation) -> None:
    if (rotation.from_unit_id, rotation.from_title_id) == _where_to(rotation):
        raise ValidationError({"to_unit": [_("Nơi đến trùng nơi đi. Hãy chọn nơi khác.")]})
    start, end = rotation.start_on, rotation.planned_end_on
    if start and end and end < start:
        raise ValidationError({"planned_end_on": [_("Ngày kết thúc trước ngày bắt đầu.")]})
    rotation.version += 1
    rotation.full_clean(validate_constraints=False)
    try:
        with transaction.atomic(), pghistory.context(user=actor.pk):
            rotation.save()
    except IntegrityError as error:
        if "rotation_once" not in str(error):
            raise
        raise ValidationError(
            {"cadre": [_("Người này đã có đề xuất như vậy. Hãy mở đề xuất đang có.")]}
        ) from None
    rotations_recheck_after(unit_ids=[rotation.to_unit_id])


@transaction.atomic
def opinion_save(
    *, actor: Actor, rotation: Rotation, side: str, values: Mapping[str, Any]
) -> RotationOpinion:
    """Write down what a side says: `stance, text, document, given_on`; replaces its earlier word.

    Raises PermissionDenied, ValidationError, RotationRefused.
    """
    return _hear(actor, _lock(rotation), side, values)


@transaction.atomic
def opinions_save(
    *, actor: Actor, rotations: Sequence[Rotation], side: str, values: Mapping[str, Any]
) -> list[RotationOpinion]:
    """The same of several, on which the side has said nothing yet: of all, or of none.

    Raises PermissionDenied, ValidationError, RotationRefused.
    """
    held = _lock_all(rotations)
    _refuse(_named(held, why_not_heard(actor, held, side)))
    return [_hear(actor, each, side, values) for each in held]


def _hear(actor: Actor, held: Rotation, side: str, values: Mapping[str, Any]) -> RotationOpinion:
    require(side in Side.values and can_give_opinion(actor, held, side))
    _require_open(held)
    if values["given_on"] > clock.today():
        raise ValidationError({"given_on": [_("Ngày cho ý kiến không được sau hôm nay.")]})
    with pghistory.context(user=actor.pk):
        opinion, _made = RotationOpinion.objects.update_or_create(
            rotation=held, side=side, defaults={**values, "recorded_by_id": _user(actor)}
        )
    return opinion


@transaction.atomic
def waiver_save(
    *, actor: Actor, rotation: Rotation, check: str, values: Mapping[str, Any]
) -> RotationWaiver:
    """Record the decision that a condition is not held against a rotation: `reason, document,
    document_on`. Officers before they submit, approvers when they decide.

    Raises PermissionDenied, ValidationError, RotationRefused.
    """
    held = _lock(rotation)
    may = can_edit_rotation(actor, held) if held.is_open else can_decide_rotation(actor, held)
    require(may)
    _require_status(held, RotationStatus.PROPOSED)
    if values["document_on"] > clock.today():
        raise ValidationError({"document_on": [_("Ngày ký không được sau hôm nay.")]})
    failing = [each.code for each in checks_of(held, clock.today()) if each.stands_in_the_way]
    recorded = held.waivers.filter(check_code=check).exists()
    if check not in failing and not recorded:
        raise RotationRefused([_("Điều kiện này đang đạt, không cần văn bản cho phép.")])
    with pghistory.context(user=actor.pk):
        waiver, _made = RotationWaiver.objects.update_or_create(
            rotation=held,
            check_code=CheckCode(check),
            defaults={**values, "recorded_by_id": _user(actor)},
        )
    return waiver


@transaction.atomic
def waiver_drop(*, actor: Actor, waiver: RotationWaiver) -> None:
    """Take a recorded decision out again, while nothing is decided.

    Raises PermissionDenied, RotationRefused.
    """
    held = _lock(waiver.rotation)
    require(can_edit_rotation(actor, held) if held.is_open else can_decide_rotation(actor, held))
    _require_status(held, RotationStatus.PROPOSED)
    with pghistory.context(user=actor.pk):
        RotationWaiver.objects.filter(pk=waiver.pk).delete()


# ---- Submitting and deciding -----------------------------------------------------------------


def rotation_submit(
    *, actor: Actor, rotation: Rotation, submission_no: str, submitted_on: dt.date
) -> Rotation:
    """Submit with everybody heard. Raises PermissionDenied, RotationRefused."""
    (held,) = rotations_submit(
        actor=actor, rotations=[rotation], submission_no=submission_no, submitted_on=submitted_on
    )
    return held


@transaction.atomic
def rotations_submit(
    *, actor: Actor, rotations: Sequence[Rotation], submission_no: str, submitted_on: dt.date
) -> list[Rotation]:
    """Submit several by one paper: all, or none with every reason.

    Raises PermissionDenied, RotationRefused.
    """
    held = _lock_all(rotations)
    for each in held:
        require(can_edit_rotation(actor, each))
        _require_open(each)
    reasons = _missing(submission_no, _("Thiếu số tờ trình."))
    reasons += _future(submitted_on, _("Ngày trình không được sau hôm nay."))
    found = obstacles_to_submit_all(held)
    reasons += _named(held, {pk: [each.text for each in found[pk]] for pk in found})
    _refuse(reasons)
    for each in held:
        each.submission_no, each.submitted_on = submission_no.strip(), submitted_on
        each.submitted_by_id, each.return_reason = actor.pk, ""
        _save(actor, each, "submission_no", "submitted_on", "submitted_by", "return_reason")
    telling.tell_submitted(held)
    return held


@transaction.atomic
def rotation_take_back(*, actor: Actor, rotation: Rotation) -> Rotation:
    """Take a submitted proposal back to mend it. Raises PermissionDenied, RotationRefused."""
    held = _lock(rotation)
    require(can_edit_rotation(actor, held))
    _require_submitted(held)
    held.submitted_on = None
    _save(actor, held, "submitted_on")
    return held


@transaction.atomic
def rotation_return(*, actor: Actor, rotation: Rotation, reason: str) -> Rotation:
    """Give a submitted proposal back with a reason. Raises PermissionDenied, RotationRefused."""
    held = _lock_to_decide(actor, rotation)
    _refuse(_missing(reason, _("Thiếu lý do trả lại. Hãy ghi cần làm gì.")))
    held.submitted_on, held.return_reason = None, reason.strip()
    _save(actor, held, "submitted_on", "return_reason")
    telling.tell_returned(held)
    return held


def rotation_approve(
    *, actor: Actor, rotation: Rotation, decision_no: str, decision_on: dt.date
) -> Rotation:
    """Approve: binding, begun at once where its day has come, else on its day.

    Raises PermissionDenied, RotationRefused.
    """
    (held,) = rotations_approve(
        actor=actor, rotations=[rotation], decision_no=decision_no, decision_on=decision_on
    )
    return held


@transaction.atomic
def rotations_approve(
    *, actor: Actor, rotations: Sequence[Rotation], decision_no: str, decision_on: dt.date
) -> list[Rotation]:
    """Approve several by one decision: all, or none with every reason.

    They are judged as they will stand together, so that one may take the post that another
    leaves. People and posts are held: of two approvals for one post the second is told that it is
    taken. Raises PermissionDenied, RotationRefused.
    """
    held = _lock_all(rotations)
    for each in held:
        require(can_decide_rotation(actor, each))
        _require_submitted(each)
    for cadre_id in sorted({each.cadre_id for each in held}):
        cadre_lock(cadre_id)
    seats_lock([_to_post(each) for each in held])
    reasons = _missing(decision_no, _("Thiếu số quyết định."))
    reasons += _future(decision_on, _("Ngày quyết định không được sau hôm nay."))
    submitted = max((each.submitted_on for each in held if each.submitted_on), default=None)
    if submitted and decision_on < submitted:
        text = _("Ngày quyết định không được trước ngày trình %(day)s.")
        reasons.append(text % {"day": formats.date(submitted)})
    reasons += _named(held, obstacles_to_approve(held, clock.today()))
    _refuse(reasons)
    for each in held:
        each.status = RotationStatus.APPROVED
        each.decision_no, each.decision_on = decision_no.strip(), decision_on
        each.decided_by_id = actor.pk
        _save(actor, each, "status", "decision_no", "decision_on", "decided_by")
    for each in held:
        if each.start_on is not None and each.start_on <= clock.today():
            _begin(each, user=actor.pk)
        telling.tell_approved(each)
    return held


@transaction.atomic
def rotation_decline(
    *, actor: Actor, rotation: Rotation, kind: str, reason: str, declined_on: dt.date
) -> Rotation:
    """Close a proposal because somebody declined; `kind` of DeclineReason, and the words.

    Raises PermissionDenied, RotationRefused.
    """
    held = _lock(rotation)
    require(can_edit_rotation(actor, held))
    _require_status(held, RotationStatus.PROPOSED)
    reasons = _future(declined_on, _("Ngày từ chối không được sau hôm nay."))
    if kind not in DeclineReason.values:
        reasons.append(_("Hãy chọn nhóm lý do từ chối."))
    reasons += _missing(reason, _("Thiếu lý do từ chối. Hãy ghi cụ thể."))
    _refuse(reasons)
    held.status, held.decline_kind = RotationStatus.DECLINED, kind
    held.decline_reason, held.declined_on = reason.strip()[:200], declined_on
    _save(actor, held, "status", "decline_kind", "decline_reason", "declined_on")
    rotations_recheck_after(unit_ids=[held.to_unit_id])
    return held


@transaction.atomic
def rotation_cancel(*, actor: Actor, rotation: Rotation, reason: str) -> Rotation:
    """Cancel; what it wrote into careers is taken back exactly.

    A proposal by its officers, a decision by approvers. Raises PermissionDenied, RotationRefused.
    """
    held = _lock(rotation)
    if held.is_open:
        require(can_edit_rotation(actor, held))
    else:
        require(can_decide_rotation(actor, held))
    _require_status(held, RotationStatus.PROPOSED, *BINDING)
    _refuse(_missing(reason, _("Thiếu lý do hủy. Hãy ghi căn cứ.")))
    with pghistory.context(user=actor.pk):
        if held.begun is not None:
            _undo(held, held.begun)
            held.begun = None
        held.status, held.cancel_reason = RotationStatus.CANCELLED, reason.strip()
        held.save(update_fields=["status", "cancel_reason", "begun"])
    rotations_recheck_after(unit_ids=[held.to_unit_id])
    telling.tell_cancelled(held)
    return held


# ---- The tour --------------------------------------------------------------------------------


@transaction.atomic
def rotation_begin(*, actor: Actor | None, rotation: Rotation) -> Rotation:
    """Begin an approved rotation whose day has come; `actor` None: the portal, by the clock.

    Raises PermissionDenied, RotationRefused.
    """
    held = _lock(rotation)
    if actor is not None:
        require(can_edit_rotation(actor, held))
    _require_status(held, RotationStatus.APPROVED)
    if held.start_on is None or held.start_on > clock.today():
        raise RotationRefused([_("Chưa đến ngày bắt đầu.")])
    _begin(held, user=actor.pk if actor is not None else None)
    return held


def rotations_begin_due(*, today: dt.date) -> dict[str, list[int]]:
    """Begin everything approved whose day has come; each in a transaction of its own.

    Returns ids `begun` and `refused`; the latter wait for a person, who is told. Safe to repeat.
    """
    due = Rotation.objects.filter(status=RotationStatus.APPROVED, start_on__lte=today)
    done: dict[str, list[int]] = {"begun": [], "refused": []}
    for rotation in due.order_by("start_on", "pk"):
        try:
            rotation_begin(actor=None, rotation=rotation)
        except RotationRefused as refused:
            telling.tell_not_begun(rotation, refused.reasons)
            done["refused"].append(rotation.pk)
        else:
            done["begun"].append(rotation.pk)
    return done


def _begin(held: Rotation, *, user: int | None) -> None:
    """Write the appointments of the start. Raises RotationRefused."""
    start = held.start_on
    assert start is not None  # noqa: S101 - the callers have asked
    with pghistory.context(user=user):
        try:
            held.begun = post_move(
                cadre_id=held.cadre_id,
                leaves=_leaves(held),
                takes=_to_post(held),
                on=start,
                decision_no=held.decision_no,
            )
        except MoveRefused as refused:
            raise RotationRefused(refused.reasons) from None
        held.status = RotationStatus.IN_PROGRESS
        held.save(update_fields=["begun", "status"])
    rotations_recheck_after(unit_ids=[held.to_unit_id])


def start_on_file(rotation: Rotation) -> MoveOnFile | None:
    """What the career has of a tour's start; None where it has no day. The caller has asked."""
    if rotation.start_on is None:
        return None
    return move_on_file(
        cadre_id=rotation.cadre_id,
        leaves=_leaves(rotation),
        takes=_to_post(rotation),
        on=rotation.start_on,
    )


@transaction.atomic
def rotation_complete_start(*, actor: Actor, rotation: Rotation) -> Rotation:
    """Write into the career what the start of a running tour would have written, and was not.

    Of tours that did not begin here, such as imported ones. What the career has already stays as it
    is; from then on the tour can be tried out and cancelled as any other. Raises PermissionDenied,
    RotationRefused.
    """
    held = _lock(rotation)
    require(can_edit_rotation(actor, held))
    _require_status(held, RotationStatus.IN_PROGRESS)
    if held.begun is not None:
        raise RotationRefused([_("Quá trình công tác của lượt này đã được ghi.")])
    if held.start_on is None:
        raise RotationRefused([_("Lượt này chưa có ngày bắt đầu.")])
    with pghistory.context(user=actor.pk):
        try:
            held.begun = post_move_complete(
                cadre_id=held.cadre_id,
                leaves=_leaves(held),
                takes=_to_post(held),
                on=held.start_on,
                decision_no=held.decision_no,
            )
        except MoveRefused as refused:
            raise RotationRefused(refused.reasons) from None
        held.save(update_fields=["begun"])
    rotations_recheck_after(unit_ids=[held.to_unit_id])
    return held


@transaction.atomic
def rotation_extend(*, actor: Actor, rotation: Rotation, values: Mapping[str, Any]) -> Rotation:
    """Let a running tour last longer: `until, reason, document, document_on`.

    Raises PermissionDenied, ValidationError, RotationRefused.
    """
    held = _lock(rotation)
    require(can_edit_rotation(actor, held))
    _require_status(held, RotationStatus.IN_PROGRESS)
    errors = {}
    last = held.planned_end_on or held.start_on
    if last is not None and values["until"] <= last:
        text = _("Ngày kéo dài phải sau ngày dự kiến %(day)s.")
        errors["until"] = [text % {"day": formats.date(last)}]
    if values["document_on"] > clock.today():
        errors["document_on"] = [_("Ngày ký không được sau hôm nay.")]
    if errors:
        raise ValidationError(errors)
    with pghistory.context(user=actor.pk):
        TourExtension.objects.create(
            rotation=held, was=held.planned_end_on, recorded_by_id=_user(actor), **values
        )
        held.planned_end_on = values["until"]
        held.save(update_fields=["planned_end_on"])
    rotations_recheck_after(unit_ids=[held.to_unit_id])
    return held


@transaction.atomic
def rotation_end(*, actor: Actor, rotation: Rotation, values: Mapping[str, Any]) -> Rotation:
    """End a tour on a day, with the post that follows, if it is known.

    `values`: `ended_on, end_kind, end_note, after_unit, after_title, after_decision_no,
    writes_posts` (whether careers are written; False where the file is in order already). Before
    the minimum time a reason is asked. Raises PermissionDenied, RotationRefused.
    """
    held = _lock(rotation)
    require(can_edit_rotation(actor, held))
    _require_status(held, RotationStatus.IN_PROGRESS)
    day = values["ended_on"]
    reasons = _future(day, _("Ngày kết thúc không được sau hôm nay."))
    if held.start_on and day <= held.start_on:
        reasons.append(_("Ngày kết thúc phải sau ngày bắt đầu."))
    if not reasons and is_early(held, day) and not (values["end_kind"] and values["end_note"]):
        reasons.append(
            _("Kết thúc trước thời gian tối thiểu: hãy chọn nhóm lý do và ghi lý do cụ thể.")
        )
    if bool(values["after_unit"]) != bool(values["after_title"]):
        reasons.append(_("Bố trí sau luân chuyển cần cả đơn vị và chức vụ."))
    _refuse(reasons)
    for name in ("end_kind", "end_note", "after_unit", "after_title", "after_decision_no"):
        setattr(held, name, values[name])
    held.ended_on, held.status = day, RotationStatus.COMPLETED
    after = Post(held.after_unit_id, held.after_title_id) if held.after_unit_id else None  # type: ignore[arg-type]
    with pghistory.context(user=actor.pk):
        if values["writes_posts"]:
            held.ended = _write_end(held, after, day)
        held.save()
    rotations_recheck_after(unit_ids=[held.to_unit_id])
    return held


def _write_end(held: Rotation, after: Post | None, day: dt.date) -> Any:
    # Who is seconded keeps the post at home, and who stays where they are moves nowhere.
    leaves = _to_post(held)
    takes = None if held.kind == RotationKind.SECONDMENT and after == _from_post(held) else after
    if takes == leaves:
        return None
    try:
        return post_move(
            cadre_id=held.cadre_id,
            leaves=leaves,
            takes=takes,
            on=day,
            decision_no=held.after_decision_no or held.decision_no,
        )
    except MoveRefused as refused:
        raise RotationRefused(refused.reasons) from None


@transaction.atomic
def rotation_end_undo(*, actor: Actor, rotation: Rotation) -> Rotation:
    """Take the end of a tour back, with the posts that it wrote.

    Raises PermissionDenied, RotationRefused.
    """
    held = _lock(rotation)
    require(can_edit_rotation(actor, held))
    _require_status(held, RotationStatus.COMPLETED)
    with pghistory.context(user=actor.pk):
        if held.ended is not None:
            _undo(held, held.ended)
        held.ended = held.ended_on = held.after_unit = held.after_title = None
        held.end_kind = held.end_note = held.after_decision_no = ""
        held.status = RotationStatus.IN_PROGRESS
        held.save()
    rotations_recheck_after(unit_ids=[held.to_unit_id])
    return held


def is_early(rotation: Rotation, day: dt.date) -> bool:
    """Whether a tour that ends on the day is shorter than the law of that day asks."""
    if rotation.kind != RotationKind.ROTATION or rotation.start_on is None:
        return False
    minimum = minimum_months(rotation, day)
    return minimum is not None and whole_months(rotation.start_on, day) < minimum


@transaction.atomic
def report_save(
    *, actor: Actor, rotation: Rotation, kind: str, year: int, values: Mapping[str, Any]
) -> TourReport:
    """Write what the receiving body says: `grade, text, document, reported_on`; one a year, kind.

    Raises PermissionDenied, ValidationError, RotationRefused.
    """
    held = _lock(rotation)
    require(can_report(actor, held))
    _require_status(held, RotationStatus.IN_PROGRESS, RotationStatus.COMPLETED)
    last = (held.ended_on or clock.today()).year
    if held.start_on and not held.start_on.year <= year <= last:
        text = _("Năm nhận xét phải trong thời gian luân chuyển, từ %(a)s đến %(b)s.")
        raise ValidationError({"year": [text % {"a": held.start_on.year, "b": last}]})
    if values["reported_on"] > clock.today():
        raise ValidationError({"reported_on": [_("Ngày nhận xét không được sau hôm nay.")]})
    with pghistory.context(user=actor.pk):
        report, _made = TourReport.objects.update_or_create(
            rotation=held,
            kind=kind,
            year=year,
            defaults={**values, "recorded_by_id": _user(actor)},
        )
    return report


# ---- Parts of every act ----------------------------------------------------------------------


def _user(actor: Actor) -> int:
    """The account that acts; policies let nobody through who has none."""
    require(actor.pk is not None)
    return cast("int", actor.pk)


def _to_post(rotation: Rotation) -> Post:
    return Post(rotation.to_unit_id, rotation.to_title_id)


def _from_post(rotation: Rotation) -> Post:
    return Post(rotation.from_unit_id, rotation.from_title_id)


def _leaves(rotation: Rotation) -> Post | None:
    """The post that ends with the start; who is seconded keeps it."""
    return None if rotation.kind == RotationKind.SECONDMENT else _from_post(rotation)


def _undo(held: Rotation, done: Any) -> None:
    try:
        post_move_undo(cadre_id=held.cadre_id, done=done)
    except MoveRefused as refused:
        raise RotationRefused(refused.reasons) from None


def _lock(rotation: Rotation) -> Rotation:
    return (
        Rotation.objects.select_for_update(of=("self",)).select_related(*NAMED).get(pk=rotation.pk)
    )


def _lock_all(rotations: Sequence[Rotation]) -> list[Rotation]:
    """Hold several, in one order for whoever does so. Raises RotationRefused for none."""
    if not rotations:
        raise RotationRefused([_("Chưa chọn hồ sơ nào. Hãy đánh dấu ở đầu dòng.")])
    rows = Rotation.objects.filter(pk__in={each.pk for each in rotations}).order_by("pk")
    rows = rows.select_for_update(of=("self",)).select_related(*NAMED)
    return list(rows.prefetch_related("waivers", "opinions"))


def _named(held: Sequence[Rotation], reasons: Mapping[int, Sequence[str]]) -> list[str]:
    """Reasons by rotation as sentences; of several each says whom it is about."""
    who = (lambda each: f"{each.cadre.full_name}: ") if len(held) > 1 else (lambda each: "")
    return [who(each) + text for each in held for text in reasons[each.pk]]


def _lock_to_decide(actor: Actor, rotation: Rotation) -> Rotation:
    held = _lock(rotation)
    require(can_decide_rotation(actor, held))
    _require_submitted(held)
    return held


def _require_open(rotation: Rotation) -> None:
    if not rotation.is_open:
        raise RotationRefused([_changed(rotation)])


def _require_submitted(rotation: Rotation) -> None:
    if not rotation.is_submitted:
        raise RotationRefused([_changed(rotation)])


def _require_status(rotation: Rotation, *wanted: str) -> None:
    if rotation.status not in wanted:
        raise RotationRefused([_changed(rotation)])


def _changed(rotation: Rotation) -> str:
    state = _("đã trình") if rotation.is_submitted else str(rotation.get_status_display()).lower()
    text = _(
        "Hồ sơ này đang ở trạng thái “%(state)s”, nên không làm được việc đó. Hãy tải lại trang."
    )
    return text % {"state": state}


def _save(actor: Actor, rotation: Rotation, *fields: str) -> None:
    with pghistory.context(user=actor.pk):
        rotation.save(update_fields=list(fields))


def _refuse(reasons: Sequence[str]) -> None:
    if reasons:
        raise RotationRefused(reasons)


def _missing(text: str, sentence: str) -> list[str]:
    return [] if text.strip() else [sentence]


def _future(day: dt.date, sentence: str) -> list[str]:
    return [sentence] if day > clock.today() else []
