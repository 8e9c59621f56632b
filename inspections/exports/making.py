"""A paper as a file, an annex, a template: made, recorded, sent."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from tempfile import TemporaryFile
from typing import Any

from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _

from cadres.exports.letters import make_letter
from cadres.exports.papers import CONTENT_TYPES, PDF
from cadres.exports.sending import made_by, table_response
from cadres.exports.tables import CONTENT_TYPES as SHEET_TYPES
from cadres.exports.tables import XLSX, Head, Table
from cadres.exports.word import DOCX, render_word
from cadres.policies import Actor
from cadres.services.records import record_export
from inspections.exports.annexes import write_annex
from inspections.exports.forms import Made, file_name
from inspections.models import EvidenceTaking, InspectedUnit, PaperTemplate

FORMATS = (DOCX, PDF)


def paper_file(made: Made, file_format: str, template: PaperTemplate | None = None) -> bytes:
    """The paper as Word or PDF. `template`: the office's own, which Word alone uses."""
    if file_format == PDF:
        return make_letter(made.letter, PDF)
    name = f"{made.form.template}.docx"
    if template is None:
        return render_word(name, made.fields)
    with template.file.open("rb") as own:
        return render_word(name, made.fields, template=own)


def paper_response(
    *,
    actor: Actor,
    made: Made,
    file_format: str,
    template: PaperTemplate | None,
) -> HttpResponse:
    """The paper to take away, with its record written."""
    body = paper_file(made, file_format, template)
    inspection = made.subject.inspection
    unit = made.subject.inspected.unit if made.subject.inspected else inspection.unit
    record_export(
        actor=actor,
        what="inspection-paper",
        file_format=file_format,
        people=None,
        rows=made.letter.row_count,
        filters=_asked(made),
        is_sensitive=made.letter.is_sensitive,
        unit=unit,
        as_of=inspection.evidence_on,
        sha256=hashlib.sha256(body).hexdigest(),
    )
    return _attached(
        HttpResponse(body, content_type=CONTENT_TYPES[file_format]),
        f"{file_name(made.form, made.subject)}.{file_format}",
    )


def _asked(made: Made) -> Mapping[str, Any]:
    return {
        "inspection": made.subject.inspection.pk,
        "kind": made.form.kind.value,
        "unit": made.subject.inspected.unit.code if made.subject.inspected else None,
        "minutes": made.subject.minutes.pk if made.subject.minutes else None,
    }


def annex_response(
    *, actor: Actor, inspected: InspectedUnit, taking: EvidenceTaking, tells: bool
) -> FileResponse:
    """The annex of one unit to take away, with its record written. `tells`: sensitive results
    are in it."""
    file = TemporaryFile(suffix=f".{XLSX}")  # noqa: SIM115 - the response closes it
    people, rows = write_annex(file, actor=actor, taking=taking, inspected=inspected)
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    record_export(
        actor=actor,
        what="inspection-annex",
        file_format=XLSX,
        people=people,
        rows=rows,
        filters={"inspection": inspected.inspection_id, "unit": inspected.unit.code},
        is_sensitive=tells,
        unit=inspected.unit,
        as_of=taking.as_of,
        law_fingerprint=taking.law_fingerprint,
        sha256=digest,
    )
    response = FileResponse(
        file,
        as_attachment=True,
        filename=f"phu-luc-{inspected.unit.code}.{XLSX}",
        content_type=SHEET_TYPES[XLSX],
    )
    response["Cache-Control"] = "no-store"
    return response


def register_response(
    *, actor: Actor, rows: Iterable[Any], filters: Mapping[str, Any], as_of: dt.date
) -> FileResponse:
    """The register as a sheet, with its record written."""
    heads = (
        (_("Số, ký hiệu"), 18),
        (_("Ngày"), 12),
        (_("Trích yếu"), 70),
        (_("Loại"), 30),
        (_("Đơn vị"), 30),
        (_("Cuộc kiểm tra"), 50),
        (_("Nhiệm kỳ"), 12),
        (_("Độ mật"), 12),
        (_("Nơi giữ bản giấy"), 30),
        (_("Lý do hủy"), 30),
        (_("Người vào sổ"), 24),
        ("SHA-256", 66),
    )
    table = Table(
        title=_("Sổ văn bản"),
        heads=[Head(text=text, width=width) for text, width in heads],
        rows=(
            (
                line.full_number,
                line.dated_on,
                line.title,
                str(line.get_kind_display()),
                str(line.inspected_unit) if line.inspected_unit else "",
                line.inspection.name,
                str(line.term) if line.term else "",
                str(line.get_secrecy_display()) if line.secrecy else "",
                line.kept_at,
                line.cancelled_for,
                str(line.registered_by) if line.registered_by else "",
                line.sha256,
            )
            for line in rows
        ),
        about=[(_("Nội dung"), _("Sổ văn bản của các cuộc kiểm tra")), *made_by(actor)],
    )
    return table_response(
        actor,
        table,
        f"so-van-ban-{as_of.isoformat()}",
        what="inspection-register",
        people=None,
        filters=filters,
        as_of=as_of,
    )


def _attached(response: HttpResponse, name: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
