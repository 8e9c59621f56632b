"""The register of documents: numbers that are given once, files kept as they were signed."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import pghistory
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadres.policies import Actor, require
from cadres.selectors.units import unit_lock
from inspections.models import Inspection, RegisteredDocument
from inspections.policies import can_register
from inspections.selectors.register import next_number
from inspections.services.holding import InspectionRefused
from planning.selectors.terms import term_on


@dataclass(frozen=True)
class PaperFile:
    """A file to be kept with a line of the register."""

    name: str
    body: bytes


@transaction.atomic
def document_register(
    *,
    actor: Actor,
    inspection: Inspection,
    values: Mapping[str, Any],
    file: PaperFile | None = None,
    make_file: Callable[[], PaperFile] | None = None,
) -> RegisteredDocument:
    """Enter a paper: `kind, title, symbol, number, dated_on` and, where they apply,
    `inspected_unit, minutes, unit, is_sensitive, secrecy, kept_at`.

    `number` None takes the next one; without a symbol there is none. The unit's row is held, so
    that two who register at once get different numbers. `make_file` makes the file once the line
    is there, so that it can say number and day. Raises PermissionDenied, InspectionRefused.
    """
    require(can_register(actor, inspection))
    values = {"unit": inspection.unit, **values}
    _refuse(inspection, values, file)
    unit = unit_lock(values["unit"].pk)
    symbol, day = values["symbol"].strip(), values["dated_on"]
    number = values.get("number")
    if symbol and number is None:
        number = next_number(unit, symbol, day)
    line = RegisteredDocument(
        inspection=inspection,
        **{**values, "symbol": symbol, "number": number if symbol else None},
        term=term_on(day),
        registered_by_id=actor.pk,
    )
    if file is not None:
        _keep(line, file)
    try:
        with transaction.atomic(), pghistory.context(user=actor.pk):
            line.save()
    except IntegrityError:
        _forget(line)
        words = {"no": line.full_number, "next": next_number(unit, symbol, day)}
        text = _("Số %(no)s đã có trong sổ của nhiệm kỳ này. Số tiếp theo là %(next)s.")
        raise InspectionRefused([text % words]) from None
    if make_file is not None and not line.secrecy:
        document_attach(actor=actor, document=line, file=make_file())
        line.refresh_from_db()
    return line


def _refuse(inspection: Inspection, values: Mapping[str, Any], file: PaperFile | None) -> None:
    reasons = []
    for name in ("inspected_unit", "minutes"):
        found = values.get(name)
        if found is not None and found.inspection_id != inspection.pk:
            reasons.append(_("Văn bản không thuộc cuộc kiểm tra này."))
    if not values["title"].strip():
        reasons.append(_("Thiếu trích yếu."))
    if values["dated_on"] > clock.today():
        reasons.append(_("Ngày văn bản không được sau hôm nay."))
    if values.get("secrecy"):
        if file is not None:
            reasons.append(_("Văn bản mật không lưu tệp ở đây, chỉ ghi số và nơi giữ bản giấy."))
        if not values.get("kept_at", "").strip():
            reasons.append(_("Văn bản mật phải ghi nơi giữ bản giấy."))
    if reasons:
        raise InspectionRefused(reasons)


@transaction.atomic
def document_attach(*, actor: Actor, document: RegisteredDocument, file: PaperFile) -> None:
    """Keep the signed copy in place of what is kept; the earlier one's hash stays in the history.

    Raises PermissionDenied, InspectionRefused.
    """
    held = _lock(document)
    require(can_register(actor, held.inspection))
    if held.cancelled_for:
        raise InspectionRefused([_("Số này đã hủy.")])
    if held.secrecy:
        raise InspectionRefused(
            [_("Văn bản mật không lưu tệp ở đây, chỉ ghi số và nơi giữ bản giấy.")]
        )
    old, storage = held.file.name, held.file.storage
    _keep(held, file)
    try:
        with pghistory.context(user=actor.pk):
            held.save(update_fields=["file", "file_name", "sha256"])
    except Exception:
        _forget(held)
        raise
    if old:
        transaction.on_commit(lambda: storage.delete(old))


@transaction.atomic
def document_cancel(*, actor: Actor, document: RegisteredDocument, reason: str) -> None:
    """Say that a line was entered by mistake; its number is not given again.

    Raises PermissionDenied, InspectionRefused.
    """
    held = _lock(document)
    require(can_register(actor, held.inspection))
    if held.cancelled_for:
        raise InspectionRefused([_("Số này đã hủy.")])
    if not reason.strip():
        raise InspectionRefused([_("Hãy ghi lý do hủy.")])
    held.cancelled_for = reason.strip()[:300]
    with pghistory.context(user=actor.pk):
        held.save(update_fields=["cancelled_for"])


def _lock(document: RegisteredDocument) -> RegisteredDocument:
    return (
        RegisteredDocument.objects.select_for_update(of=("self",))
        .select_related("inspection__unit")
        .get(pk=document.pk)
    )


def _keep(line: RegisteredDocument, file: PaperFile) -> None:
    line.sha256 = hashlib.sha256(file.body).hexdigest()
    line.file_name = file.name[-200:]
    suffix = PurePosixPath(file.name).suffix.lower()[:6]
    # The name on disk says nothing and cannot be guessed.
    line.file.save(f"{secrets.token_hex(16)}{suffix}", ContentFile(file.body), save=False)


def _forget(line: RegisteredDocument) -> None:
    """Take a file away that was written for a line that is not."""
    if line.file.name:
        line.file.storage.delete(line.file.name)
