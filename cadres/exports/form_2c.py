"""Form 2C/TCTW-98 as Word, PDF, or a zip of several people."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import fontpkg_noto_serif
import typst
from django.db import transaction
from django.http import HttpResponse

from cadre_portal.templatetags import formats
from cadres.choices import FileDoor
from cadres.contexts.form_2c import Content, content_of
from cadres.export_makers import Tell
from cadres.exports.word import CONTENT_TYPE, DOCX, render_word, template_path
from cadres.models import User
from cadres.policies import can_export_people, require
from cadres.selectors.form_2c import Form2C
from cadres.services.records import record_export, record_opening

PDF = "pdf"
CONTENT_TYPES = {
    DOCX: CONTENT_TYPE,
    PDF: "application/pdf",
    "zip": "application/zip",
}
_FONTS = Path(fontpkg_noto_serif.__file__).parent


def forms_response(
    *,
    actor: User,
    forms: Sequence[Form2C],
    as_of: dt.date,
    file_format: str,
    reason: str,
    tell: Tell | None = None,
) -> HttpResponse:
    """The form of one person, or a zip of several; written to the record. Raises PermissionDenied.

    Forms of people whose sensitive items the actor may not see leave these blank. `tell` is told
    how many are made.
    """
    require(can_export_people(actor))
    make = _MAKERS[file_format]
    files = {}
    for number, form in enumerate(forms, start=1):
        files[f"2C-{form.cadre.code}.{file_format}"] = make(content_of(form, as_of))
        if tell:
            tell(number, len(forms))
    if len(files) == 1:
        ((name, body),) = files.items()
        kind = file_format
    else:
        name, body, kind = f"2C-{as_of.isoformat()}.zip", _zipped(files), "zip"
    with transaction.atomic():
        for form in forms:
            record_opening(actor=actor, cadre=form.cadre, door=FileDoor.DOCUMENT)
        record_export(
            actor=actor,
            what="cadre-documents",
            file_format=kind,
            people=len(forms),
            filters={"chon": [form.cadre.code for form in forms], "dinh_dang": file_format},
            reason=reason,
            is_sensitive=any(form.is_sensitive_shown for form in forms),
            as_of=as_of,
            sha256=hashlib.sha256(body).hexdigest(),
        )
    response = HttpResponse(body, content_type=CONTENT_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def make_docx(content: Content) -> bytes:
    """The form in the office's own Word template, else in the portal's."""
    return render_word("form_2c.docx", content.fields())


def make_pdf(content: Content) -> bytes:
    """The form as PDF."""
    return typst.compile(
        str(template_path("form_2c.typ")),
        font_paths=[str(_FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": formats.unbroken(json.dumps(content.fields(), ensure_ascii=False))},
    )


_MAKERS: dict[str, Callable[[Content], bytes]] = {DOCX: make_docx, PDF: make_pdf}


def _zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return made.getvalue()
