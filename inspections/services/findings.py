"""Findings written and settled by people: added, changed, approved, dropped, put in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from cadres.policies import Actor, require
from inspections.choices import FindingKind, FindingState, TeamRole
from inspections.merging import EditClash, merge
from inspections.models import (
    Attachment,
    Evidence,
    Finding,
    FindingEvidence,
    Inspection,
    Recommendation,
)
from inspections.policies import can_approve_finding, can_work
from inspections.selectors.seen import units_seen
from inspections.services.attachments import file_keep
from inspections.services.holding import InspectionRefused, lock_findings
from inspections.services.signing import signatures_take_back

#: What people write of a finding; a recommendation has `head` and `due_on` as well.
FIELDS = ("kind", "topic", "severity", "text")


# ---- Writing ---------------------------------------------------------------------------------


@transaction.atomic
def finding_add(*, actor: Actor, inspection: Inspection, values: Mapping[str, Any]) -> Finding:
    """Write a finding by hand: `FIELDS`, `inspected_unit`, and of a
    recommendation `head`, `due_on`.

    Raises PermissionDenied, InspectionRefused, ValidationError.
    """
    held = lock_findings(inspection)
    inspected = values.get("inspected_unit")
    require(can_work(actor, held) and _looks_at(actor, held, inspected))
    finding = Finding(
        inspection=held,
        inspected_unit=inspected,
        state=FindingState.EDITED,
        author_id=actor.pk,
        place=_last_place(held, inspected) + 1,
        **{name: values.get(name) for name in FIELDS},
    )
    _check(finding)
    with pghistory.context(user=actor.pk):
        finding.save()
        _ask(finding, values)
        signatures_take_back(held)
    return finding


@transaction.atomic
def finding_change(
    *, actor: Actor, finding: Finding, version: int, values: Mapping[str, Any]
) -> Finding:
    """Change a finding; an approval is taken back. Names that are left out stay.

    Of two people who edit at once the second is asked only where both changed the same field.
    Raises PermissionDenied, InspectionRefused, ValidationError, EditClash.
    """
    held, row = _hold(actor, finding)
    if row.state == FindingState.DROPPED:
        raise InspectionRefused([_("Nhận định đã bỏ. Hãy lấy lại rồi sửa.")])
    now = values_of(row)
    mine = {**now, **values}
    if row.version != version:
        merged, clashes = merge(_values_at(row, version), mine, now)
        if clashes:
            raise EditClash(clashes, merged, version=row.version, who=str(row.author or ""))
        mine = merged
    if mine == now:
        return row
    for name in FIELDS:
        setattr(row, name, mine[name])
    row.version += 1
    row.state, row.approved_by, row.author_id = FindingState.EDITED, None, actor.pk
    _check(row)
    with pghistory.context(user=actor.pk):
        row.save()
        _ask(row, mine)
        signatures_take_back(held)
    return row


def values_of(finding: Finding) -> dict[str, Any]:
    """What may be changed of a finding, as it stands."""
    asked = Recommendation.objects.filter(finding=finding).first()
    return {
        **{name: getattr(finding, name) for name in FIELDS},
        "head": asked.head if asked else "",
        "due_on": asked.due_on if asked else None,
    }


def _values_at(finding: Finding, version: int) -> dict[str, Any]:
    """What a version said, from the history; empty where there was none such."""
    events: Any = Finding.pgh_event_model.objects  # type: ignore[attr-defined]
    event = events.filter(pgh_obj_id=finding.pk, version=version).order_by("pgh_id").first()
    return {name: getattr(event, name) for name in FIELDS} if event else {}


def _check(finding: Finding) -> None:
    if finding.kind not in (FindingKind.SHORTCOMING, FindingKind.VIOLATION):
        finding.severity = None
    finding.full_clean(exclude=["inspection", "author", "approved_by"], validate_constraints=False)


def _ask(finding: Finding, values: Mapping[str, Any]) -> None:
    """Who is to do what by when; a finding of another kind asks nothing."""
    if finding.kind != FindingKind.RECOMMENDATION:
        Recommendation.objects.filter(finding=finding).delete()
        return
    head, due_on = (values.get("head") or "").strip(), values.get("due_on")
    if not head and not due_on:
        Recommendation.objects.filter(finding=finding).delete()
        return
    lacking = {
        name: [_("Kiến nghị cần cả người chịu trách nhiệm và hạn thực hiện.")]
        for name, value in (("head", head), ("due_on", due_on))
        if not value
    }
    if lacking:
        raise ValidationError(lacking)
    assert due_on is not None  # noqa: S101 - what is empty is told above
    if due_on < finding.inspection.starts_on:
        raise ValidationError({"due_on": [_("Hạn thực hiện trước ngày bắt đầu kiểm tra.")]})
    inspected = finding.inspected_unit
    unit_id = inspected.unit_id if inspected else finding.inspection.unit_id
    Recommendation.objects.update_or_create(
        finding=finding, defaults={"head": head, "due_on": due_on, "unit_id": unit_id}
    )


# ---- Settling --------------------------------------------------------------------------------


@transaction.atomic
def finding_approve(*, actor: Actor, finding: Finding, version: int) -> Finding:
    """Approve what the actor has read. Raises PermissionDenied, InspectionRefused."""
    held, row = _hold(actor, finding)
    _approve(actor, held, row, version)
    return row


@transaction.atomic
def findings_approve(
    *, actor: Actor, inspection: Inspection, versions: Mapping[int, int]
) -> tuple[int, list[str]]:
    """Approve several, by the version that was read; how many were, and why others were not.

    Raises PermissionDenied, InspectionRefused.
    """
    held = lock_findings(inspection)
    require(can_approve_finding(actor, held))
    seen = {each.pk for each in units_seen(actor, held)}
    done, left = 0, []
    for row in held.findings.filter(pk__in=versions).select_related("author"):
        if row.inspected_unit_id is not None and row.inspected_unit_id not in seen:
            continue
        try:
            _approve(actor, held, row, versions[row.pk])
        except InspectionRefused as refused:
            left += refused.reasons
        else:
            done += 1
    return done, left


def _approve(actor: Actor, held: Inspection, row: Finding, version: int) -> None:
    require(can_approve_finding(actor, held))
    if row.state == FindingState.APPROVED:
        return
    if row.state == FindingState.DROPPED:
        raise InspectionRefused([_("Nhận định đã bỏ. Hãy lấy lại rồi duyệt.")])
    if row.version != version:
        raise InspectionRefused([_("Người khác vừa sửa nhận định này. Hãy đọc bản mới rồi duyệt.")])
    if row.author_id == actor.pk and _others_approve(held, actor):
        text = _("Nhận định do chính đồng chí sửa: để trưởng đoàn hoặc phó trưởng đoàn khác duyệt.")
        raise InspectionRefused([text])
    row.state, row.approved_by_id = FindingState.APPROVED, actor.pk
    with pghistory.context(user=actor.pk):
        row.save(update_fields=["state", "approved_by"])
        signatures_take_back(held)


def _others_approve(inspection: Inspection, actor: Actor) -> bool:
    leading = inspection.team.filter(role__in=(TeamRole.LEAD, TeamRole.DEPUTY))
    return leading.exclude(user=actor.pk).exists()


@transaction.atomic
def finding_drop(*, actor: Actor, finding: Finding, reason: str) -> Finding:
    """Leave a finding out, with the reason; it can be brought back.

    Raises PermissionDenied, InspectionRefused, ValidationError.
    """
    held, row = _hold(actor, finding)
    if not reason.strip():
        raise ValidationError({"reason": [_("Hãy ghi lý do bỏ nhận định.")]})
    row.state, row.dropped_for, row.approved_by = FindingState.DROPPED, reason.strip(), None
    row.version += 1
    row.author_id = actor.pk
    with pghistory.context(user=actor.pk):
        row.save()
        signatures_take_back(held)
    return row


@transaction.atomic
def finding_restore(*, actor: Actor, finding: Finding) -> Finding:
    """Bring back what was left out, to be edited and approved. Raises PermissionDenied,
    InspectionRefused."""
    held, row = _hold(actor, finding)
    if row.state != FindingState.DROPPED:
        return row
    row.state, row.dropped_for = FindingState.EDITED, ""
    row.version += 1
    row.author_id = actor.pk
    with pghistory.context(user=actor.pk):
        row.save()
        signatures_take_back(held)
    return row


@transaction.atomic
def finding_move(*, actor: Actor, finding: Finding, step: int) -> None:
    """Put a finding before (-1) or behind (1) its neighbour in the unit. Raises PermissionDenied,
    InspectionRefused."""
    held, row = _hold(actor, finding)
    rows = list(
        held.findings.filter(inspected_unit=row.inspected_unit_id)
        .exclude(state=FindingState.DROPPED)
        .order_by("place", "pk")
    )
    at = next((n for n, each in enumerate(rows) if each.pk == row.pk), None)
    if at is None or not 0 <= at + step < len(rows):
        return
    rows[at], rows[at + step] = rows[at + step], rows[at]
    for place, each in enumerate(rows, start=1):
        each.place = place
    with pghistory.context(user=actor.pk):
        Finding.objects.bulk_update(rows, ["place"])
        signatures_take_back(held)


def _last_place(inspection: Inspection, inspected: Any) -> int:
    rows = inspection.findings.filter(inspected_unit=inspected)
    return rows.aggregate(last=Max("place"))["last"] or 0


# ---- What a finding rests on -----------------------------------------------------------------


@transaction.atomic
def proofs_add(
    *, actor: Actor, finding: Finding, proofs: Iterable[Mapping[str, Any]]
) -> list[FindingEvidence]:
    """Let a finding rest on frozen results (`evidence`, `key`) or files (`attachment`, `note`).

    They have to be of the same inspection, and of the finding's unit where it has one.
    Raises PermissionDenied, InspectionRefused.
    """
    held, row = _hold(actor, finding)
    made = []
    with pghistory.context(user=actor.pk):
        for proof in proofs:
            evidence, attachment = proof.get("evidence"), proof.get("attachment")
            _check_proof(held, row, evidence, attachment)
            made.append(
                FindingEvidence.objects.get_or_create(
                    finding=row,
                    evidence=evidence,
                    key=proof.get("key", "") if evidence else "",
                    attachment=attachment,
                    defaults={"note": proof.get("note", "")[:200]},
                )[0]
            )
        _touched(actor, held, row)
    return made


@transaction.atomic
def file_proof_add(
    *, actor: Actor, finding: Finding, file: UploadedFile[bytes], note: str = ""
) -> FindingEvidence:
    """Keep a file and let the finding rest on it. Raises PermissionDenied, InspectionRefused,
    ValidationError."""
    held, row = _hold(actor, finding)
    try:
        kept = file_keep(
            actor=actor, inspection=held, upload=file, inspected_unit=row.inspected_unit
        )
    except ValidationError as error:
        raise ValidationError({"file": error.messages}) from None
    return proofs_add(actor=actor, finding=row, proofs=[{"attachment": kept, "note": note}])[0]


@transaction.atomic
def proof_remove(*, actor: Actor, finding: Finding, proof_id: int) -> None:
    """Take away what a finding rests on. Raises PermissionDenied, InspectionRefused."""
    held, row = _hold(actor, finding)
    with pghistory.context(user=actor.pk):
        gone, _rows = FindingEvidence.objects.filter(finding=row, pk=proof_id).delete()
        if gone:
            _touched(actor, held, row)


def _check_proof(
    held: Inspection, finding: Finding, evidence: Evidence | None, attachment: Attachment | None
) -> None:
    thing = evidence or attachment
    if thing is None:
        raise InspectionRefused([_("Chưa chọn bằng chứng.")])
    owner = evidence.taking.inspection_id if evidence else attachment and attachment.inspection_id
    unit_id = thing.inspected_unit_id
    if owner != held.pk or (
        finding.inspected_unit_id and unit_id and unit_id != finding.inspected_unit_id
    ):
        raise InspectionRefused([_("Bằng chứng không thuộc đơn vị của nhận định.")])


def _touched(actor: Actor, held: Inspection, finding: Finding) -> None:
    """What a finding rests on has changed: it is read and approved anew."""
    if finding.state == FindingState.DROPPED:
        raise InspectionRefused([_("Nhận định đã bỏ. Hãy lấy lại rồi sửa.")])
    finding.version += 1
    finding.state, finding.approved_by = FindingState.EDITED, None
    finding.author_id = actor.pk
    finding.save(update_fields=["version", "state", "approved_by", "author"])
    signatures_take_back(held)


# ---- Holding ---------------------------------------------------------------------------------


def _hold(actor: Actor, finding: Finding) -> tuple[Inspection, Finding]:
    """The inspection and the finding, both held, for who works on it."""
    held = lock_findings(finding.inspection)
    row = (
        Finding.objects.select_for_update(of=("self",))
        .select_related("author", "inspected_unit__unit")
        .get(pk=finding.pk, inspection=held)
    )
    require(can_work(actor, held) and _looks_at(actor, held, row.inspected_unit))
    row.inspection = held
    return held, row


def _looks_at(actor: Actor, inspection: Inspection, inspected: Any) -> bool:
    if inspected is None:  # what concerns all
        return True
    return inspected.pk in {each.pk for each in units_seen(actor, inspection)}
