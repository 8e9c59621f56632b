"""Bộ hồ sơ: every paper, what is registered, the annexes of all units, as one file with contents.

Made by a worker. Memory is bounded: one paper, or one part of one unit's evidence, at a time.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from cadres.export_makers import Tell
from cadres.exports.letters import make_letter
from cadres.exports.papers import PDF
from cadres.exports.sending import made_by
from cadres.exports.tables import XLSX, Head, Table, make_file
from cadres.policies import can_see_sensitive, require
from cadres.services.records import record_export
from inspections.exports.annexes import write_annex
from inspections.exports.forms import FORMS, file_name, make
from inspections.exports.making import FORMATS, paper_file
from inspections.exports.parts import day_of, line_of, number_of, subjects_of
from inspections.models import InspectedUnit, Inspection
from inspections.selectors import inspection_get
from inspections.selectors.papers import Source, is_told, source_of
from inspections.selectors.register import templates_used
from inspections.selectors.seen import may_take_evidence

if TYPE_CHECKING:
    from cadres.models import User

#: Name of the maker.
SET = "inspection-set"
_CONTENTS = "00-muc-luc.xlsx"
_PIECE = 1 << 20


def set_file(actor: User, asked: Mapping[str, Any], tell: Tell | None = None) -> FileResponse:
    """The whole set. `asked`: inspection, formats, annexes. Raises PermissionDenied."""
    inspection = _inspection(actor, asked)
    source = source_of(actor, inspection)
    out = TemporaryFile(suffix=".zip")  # noqa: SIM115 - the response closes it
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        made = _Set(actor, source, archive, tell)
        made.write(asked["formats"], with_annexes=asked["annexes"])
    out.seek(0)
    digest = hashlib.file_digest(out, "sha256").hexdigest()
    out.seek(0)
    record_export(
        actor=actor,
        what=SET,
        file_format="zip",
        people=made.people if asked["annexes"] else None,
        rows=made.rows,
        filters=asked,
        is_sensitive=made.is_sensitive,
        unit=inspection.unit,
        as_of=inspection.evidence_on,
        law_fingerprint=source.taking.law_fingerprint if source.taking else "",
        sha256=digest,
    )
    return FileResponse(
        out,
        as_attachment=True,
        filename=f"ho-so-kiem-tra-{inspection.pk}-{clock.today():%Y%m%d}.zip",
        content_type="application/zip",
    )


def _inspection(actor: User, asked: Mapping[str, Any]) -> Inspection:
    """The inspection that was asked for, while it is still for the actor."""
    try:
        inspection = inspection_get(actor, asked["inspection"])
    except Http404:
        raise PermissionDenied from None
    if asked["annexes"]:
        require(may_take_evidence(actor, inspection))
    return inspection


class _Set:
    """The file as it grows: what is in it, how many people and rows it tells of."""

    def __init__(
        self, actor: User, source: Source, archive: zipfile.ZipFile, tell: Tell | None
    ) -> None:
        self._actor, self._source, self._archive, self._tell = actor, source, archive, tell
        self._entries: list[tuple[Any, ...]] = []
        self._done = self._total = 0
        self.people = self.rows = 0
        self.is_sensitive = False

    def write(self, formats_asked: Sequence[str], *, with_annexes: bool) -> None:
        """Everything, the contents last."""
        source = self._source
        papers = [(form, each) for form in FORMS for each in subjects_of(form, source)]
        kept = [line for line in source.documents if line.file and not line.cancelled_for]
        units = [u for u in source.units if u.pk in source.seen] if with_annexes else []
        self._total = len(papers) + len(kept) + len(units)
        own = templates_used(source.inspection.unit)
        kinds = [each for each in FORMATS if each in formats_asked]
        with ThreadPoolExecutor(max_workers=1) as printer:
            for form, subject in papers:
                self._paper(form, subject, kinds, own.get(form.kind), printer)
        for line in kept:
            self._registered(line)
        for unit in units:
            self._annex(unit)
        self._archive.writestr(_CONTENTS, self._contents())

    def _paper(
        self,
        form: Any,
        subject: Any,
        kinds: Sequence[str],
        template: Any,
        printer: ThreadPoolExecutor,
    ) -> None:
        """One paper; Typst sets the PDF, outside the interpreter's lock, while Word is written."""
        made = make(form, subject)
        printed = printer.submit(make_letter, made.letter, PDF) if PDF in kinds else None
        state = _("đã vào sổ") if line_of(form, subject) else "; ".join(form.lacks(subject))
        about = (
            str(form.label),
            number_of(form, subject),
            day_of(form, subject),
            made.letter.about,
            state or _("dự thảo"),
        )
        for kind in kinds:
            name = f"{form.kind.value.upper()}/{file_name(form, subject)}.{kind}"
            body = printed.result() if printed and kind == PDF else paper_file(made, kind, template)
            self._add(name, body, about)
        self.is_sensitive |= made.letter.is_sensitive
        self.rows += made.letter.row_count
        self._step()

    def _registered(self, line: Any) -> None:
        if is_told(self._actor, self._source, line):
            about = (str(line.get_kind_display()), line.full_number, line.dated_on, line.title, "")
            name = f"van-ban-da-vao-so/{line.pk}-{line.kind.upper()}-{line.file_name}"
            with line.file.open("rb") as file:
                self._add_open(name, file, about)
            self.is_sensitive |= line.is_sensitive
        self._step()

    def _annex(self, unit: InspectedUnit) -> None:
        taking = self._source.taking
        if taking:
            with TemporaryFile() as sheet:
                people, rows = write_annex(sheet, actor=self._actor, taking=taking, inspected=unit)
                sheet.seek(0)
                about = (_("Phụ lục số liệu"), "", taking.as_of, str(unit), _("đã chốt"))
                self._add_open(f"phu-luc/{unit.unit.code}.xlsx", sheet, about)
            self.people, self.rows = self.people + people, self.rows + rows
            self.is_sensitive |= can_see_sensitive(self._actor, unit.unit)
        self._step()

    def _add(self, name: str, body: bytes, about: tuple[Any, ...]) -> None:
        """A file. Word, Excel and PDF are packed already."""
        self._archive.writestr(name, body)
        self._note(name, about, hashlib.sha256(body).hexdigest())

    def _add_open(self, name: str, file: IO[bytes], about: tuple[Any, ...]) -> None:
        digest = hashlib.sha256()
        with self._archive.open(name, "w") as target:
            while piece := file.read(_PIECE):
                digest.update(piece)
                target.write(piece)
        self._note(name, about, digest.hexdigest())

    def _note(self, name: str, about: tuple[Any, ...], digest: str) -> None:
        self._entries.append((len(self._entries) + 1, name, *about, digest))

    def _step(self) -> None:
        self._done += 1
        if self._tell:
            self._tell(self._done, self._total)

    def _contents(self) -> bytes:
        """Every file with what it is and its hash."""
        inspection = self._source.inspection
        heads = (
            (_("TT"), 6),
            (_("Tệp"), 44),
            (_("Loại"), 30),
            (_("Số, ký hiệu"), 18),
            (_("Ngày"), 12),
            (_("Trích yếu"), 60),
            (_("Tình trạng"), 34),
            ("SHA-256", 66),
        )
        table = Table(
            title=_("Mục lục"),
            heads=[Head(text=text, width=width) for text, width in heads],
            rows=self._entries,
            about=[
                (_("Cuộc kiểm tra"), inspection.name),
                (_("Quyết định"), inspection.decision_no),
                (_("Ngày chốt số liệu"), formats.date(inspection.evidence_on)),
                *made_by(self._actor),
            ],
        )
        made = make_file(table, XLSX)
        with made.file as file:
            return file.read()
