"""Pages of papers: the set, one kind, one paper as it is printed, the register, templates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cadre_portal.templatetags import formats
from cadres.exports.letters import Letter, Line
from cadres.exports.papers import PaperTable, head_cells
from cadres.exports.word_fields import Field
from cadres.papers import PARTY
from cadres.policies import Actor, can_export_people
from compliance.citations import ShownCitation, citations_shown
from inspections.contexts.links import address
from inspections.exports.forms import FORMS, Made, goes_to_units
from inspections.exports.parts import (
    DocumentForm,
    Reach,
    Subject,
    day_of,
    line_of,
    number_of,
    subjects_of,
)
from inspections.models import Inspection, PaperTemplate, RegisteredDocument
from inspections.policies import can_change_templates, can_register
from inspections.selectors.papers import Source, is_told
from inspections.selectors.seen import may_take_evidence


def code_of(form: DocumentForm) -> str:
    """ "KT8"; "QĐ" of the decision."""
    return form.code if form.kind.value == "qd" else form.kind.value.upper()


def urls_of(subject: Subject, form: DocumentForm, as_of: dt.date) -> dict[str, str]:
    """Where a paper is looked at, taken away and registered."""
    args = (subject.inspection.pk, form.kind.value)
    query = f"?{urlencode(subject.address)}" if subject.address else ""

    def to(name: str) -> str:
        found = address(f"inspections:document-{name}", *args, as_of=as_of)
        return f"{found}&{query[1:]}" if query and "?" in found else f"{found}{query}"

    return {"look": to("look"), "file": to("file"), "register": to("register")}


def state_of(form: DocumentForm, subject: Subject) -> dict[str, str]:
    """How far a paper is: an outcome and words."""
    line = line_of(form, subject)
    if line:
        words = {"no": line.full_number or _("không số"), "day": formats.date(line.dated_on)}
        return {"outcome": "met", "text": _("vào sổ %(no)s ngày %(day)s") % words}
    lacking = form.lacks(subject)
    if lacking:
        return {"outcome": "cannot_tell", "text": "; ".join(lacking)}
    return {"outcome": "met", "text": _("đủ nội dung, chưa vào sổ")}


def paper_row(
    form: DocumentForm, subject: Subject, as_of: dt.date, *, registers: bool
) -> dict[str, Any]:
    """One paper in a list."""
    urls = urls_of(subject, form, as_of)
    day = day_of(form, subject)
    return {
        "name": _name(form, subject),
        "number": number_of(form, subject),
        "day": formats.date(day) if day else "",
        "state": state_of(form, subject),
        **urls,
        "register": urls["register"] if registers and not line_of(form, subject) else "",
    }


def _name(form: DocumentForm, subject: Subject) -> str:
    if subject.minutes:
        where = f"{subject.minutes.inspected_unit}, " if subject.minutes.inspected_unit else ""
        return f"{where}{formats.date(subject.minutes.held_on)}"
    return str(subject.inspected) if subject.inspected else str(form.label)


# ---- The set ---------------------------------------------------------------------------------


def set_page(actor: Actor, source: Source, as_of: dt.date) -> dict[str, Any]:
    """Every paper of the set: what is there, what lacks, what is registered."""
    inspection = source.inspection
    registers = can_register(actor, inspection)
    rows = [_kind_row(form, source, as_of, registers=registers) for form in FORMS]
    ready = sum(row["state"]["outcome"] == "met" for row in rows)
    return {
        "rows": rows,
        "lede": _("%(n)s trong %(total)s loại văn bản đã đủ nội dung.")
        % {"n": ready, "total": len(rows)},
        "left_out": left_out_words(source),
        "registered": [registered_row(actor, source, line, as_of) for line in source.documents],
        "set_url": address("inspections:document-set", inspection.pk, as_of=as_of)
        if can_export_people(actor)
        else "",
        "annex_url": address("inspections:annex-list", inspection.pk, as_of=as_of)
        if may_take_evidence(actor, inspection)
        else "",
        "register_url": address("inspections:document-list", as_of=as_of),
    }


def left_out_words(source: Source) -> str:
    """What the papers do not tell this reader, "" where they tell all."""
    if not source.left_out:
        return ""
    text = ngettext(
        "%(n)s nhận định không có trong các văn bản dưới đây vì ngoài phần việc hoặc quyền xem dữ"
        " liệu nhạy cảm của đồng chí.",
        "%(n)s nhận định không có trong các văn bản dưới đây vì ngoài phần việc hoặc quyền xem dữ"
        " liệu nhạy cảm của đồng chí.",
        source.left_out,
    )
    return text % {"n": source.left_out}


def _kind_row(
    form: DocumentForm, source: Source, as_of: dt.date, *, registers: bool
) -> dict[str, Any]:
    subjects = list(subjects_of(form, source))
    row: dict[str, Any] = {"code": code_of(form), "title": str(form.label), "is_many": False}
    if len(subjects) == 1 and form.reach == Reach.WHOLE and not form.has_unit_copies:
        return row | paper_row(form, subjects[0], as_of, registers=registers)
    list_url = address(
        "inspections:document-kind", source.inspection.pk, form.kind.value, as_of=as_of
    )
    return row | {
        "is_many": True,
        "look": list_url,
        "state": _sum_state(form, subjects),
        "number": "",
        "day": "",
        "count": len(subjects),
    }


def _sum_state(form: DocumentForm, subjects: Sequence[Subject]) -> dict[str, str]:
    if not subjects:
        return {"outcome": "not_applicable", "text": _("chưa có biên bản")}
    ready = sum(bool(line_of(form, each)) or not form.lacks(each) for each in subjects)
    entered = sum(bool(line_of(form, each)) for each in subjects)
    words = {"n": ready, "total": len(subjects), "entered": entered}
    return {
        "outcome": "met" if ready == len(subjects) else "cannot_tell",
        "text": _("%(n)s/%(total)s đủ nội dung, %(entered)s đã vào sổ") % words,
    }


def kind_page(actor: Actor, source: Source, form: DocumentForm, as_of: dt.date) -> dict[str, Any]:
    """Every paper of one kind."""
    registers = can_register(actor, source.inspection)
    rows = [paper_row(form, each, as_of, registers=registers) for each in subjects_of(form, source)]
    minutes_url = ""
    if form.reach == Reach.MINUTES:
        minutes_url = address("inspections:inspection-minutes", source.inspection.pk, as_of=as_of)
    return {
        "form": form,
        "code": code_of(form),
        "rows": rows,
        "minutes_url": minutes_url,
        "template_url": template_url(actor, source.inspection, form, as_of),
    }


def template_url(actor: Actor, inspection: Inspection, form: DocumentForm, as_of: dt.date) -> str:
    """Where the Word template is changed, "" for who may not."""
    if not can_change_templates(actor, inspection):
        return ""
    return address("inspections:document-template", inspection.pk, form.kind.value, as_of=as_of)


# ---- One paper -------------------------------------------------------------------------------


def look_page(
    actor: Actor, made: Made, template: PaperTemplate | None, as_of: dt.date
) -> dict[str, Any]:
    """A paper as it is printed, and beside it what lacks, where it stands, what it rests on."""
    form, subject = made.form, made.subject
    line = line_of(form, subject)
    registers = can_register(actor, subject.inspection) and not line
    urls = urls_of(subject, form, as_of)
    return {
        "form": form,
        "code": code_of(form),
        "name": _name(form, subject),
        "paper": paper_shown(made.letter),
        "lacking": [] if line else form.lacks(subject),
        "line": registered_row(actor, subject.source, line, as_of) if line else None,
        "left_out": left_out_words(subject.source),
        "cited": _cited(form, subject),
        "template": template,
        "template_url": template_url(actor, subject.inspection, form, as_of),
        **urls,
        "register": urls["register"] if registers else "",
    }


def _cited(form: DocumentForm, subject: Subject) -> list[ShownCitation]:
    """Law that the decision names, with how sure the portal is of it: not printed."""
    if form.kind.value != "qd":
        return []
    found: dict[tuple[Any, Any], Mapping[str, Any]] = {}
    for limit in subject.source.limits:
        for each in limit.citations:
            found.setdefault((each["source"], each["at"]), each)
    return citations_shown(found.values())


def paper_shown(letter: Letter) -> dict[str, Any]:
    """A letter for `inspections/documents/_paper.html`."""
    return {
        "party": PARTY,
        "head": letter.head,
        "number": letter.number,
        "kind": letter.kind,
        "about": letter.about,
        "to": letter.to,
        "lines": [_line(line) for line in letter.lines],
        "signature": letter.signature,
        "signer": letter.signer,
        "signers": letter.signers,
        "recipients": letter.recipients,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "text": line.text,
        "style": line.style,
        "table": _table(line.table) if line.table else None,
        "bars": line.bars,
    }


def _table(table: PaperTable) -> dict[str, Any]:
    cells = head_cells(table.columns)
    deep = max((cell.row + cell.rows for cell in cells), default=1)
    return {
        "heads": [[cell for cell in cells if cell.row == number] for number in range(deep)],
        "width": len(table.columns),
        "rows": [
            {
                "text": row.text,
                "is_total": row.is_total,
                "cells": [
                    {"text": "" if cell is None else cell, "align": column.align}
                    for column, cell in zip(table.columns, row.cells, strict=False)
                ],
            }
            for row in table.rows
        ],
    }


# ---- The register ----------------------------------------------------------------------------


def registered_row(
    actor: Actor, source: Source, line: RegisteredDocument, as_of: dt.date
) -> dict[str, Any]:
    """A line of the register of one inspection."""
    may = can_register(actor, source.inspection) and not line.cancelled_for
    shown = bool(line.file) and is_told(actor, source, line)
    return _register_line(line) | {
        "file_url": address("inspections:registered-file", line.pk, as_of=as_of) if shown else "",
        "attach_url": address("inspections:document-attach", line.pk, as_of=as_of)
        if may and not line.secrecy
        else "",
        "cancel_url": address("inspections:document-cancel", line.pk, as_of=as_of) if may else "",
    }


def _register_line(line: RegisteredDocument) -> dict[str, Any]:
    return {
        "line": line,
        "number": line.full_number or _("không số"),
        "day": formats.date(line.dated_on),
        "title": line.title,
        "kind": str(line.get_kind_display()),
        "unit": str(line.inspected_unit) if line.inspected_unit else "",
        "secrecy": str(line.get_secrecy_display()) if line.secrecy else "",
        "sha": line.sha256[:12],
    }


def register_table(
    rows: Iterable[RegisteredDocument], page: Any, as_of: dt.date, *, is_filtered: bool
) -> dict[str, Any]:
    """The register over all inspections, for `data_table`."""
    return {
        "columns": [
            {"label": _("Số, ký hiệu"), "name": True},
            {"label": _("Ngày")},
            {"label": _("Trích yếu")},
            {"label": _("Loại")},
            {"label": _("Cuộc kiểm tra")},
            {"label": _("Nhiệm kỳ")},
            {"label": _("Tình trạng")},
        ],
        "rows": [
            {
                "url": (url := address("inspections:inspection-documents", line.inspection_id,
                                       as_of=as_of)),
                "cells": [
                    {"text": line.full_number or _("không số"), "url": url},
                    formats.date(line.dated_on),
                    {"text": line.title,
                     "under": str(line.inspected_unit) if line.inspected_unit else ""},
                    str(line.get_kind_display()),
                    line.inspection.decision_no or line.inspection.name,
                    str(line.term) if line.term else "",
                    {"text": _standing(line)},
                ],
            }
            for line in rows
        ],
        "page": page,
        "noun": _("văn bản"),
        "caption": _("Sổ văn bản"),
        "empty": {
            "title": _("Không có văn bản nào khớp bộ lọc")
            if is_filtered
            else _("Chưa có văn bản nào vào sổ"),
            "text": _("Văn bản được ghi sổ ở thẻ Văn bản của từng cuộc kiểm tra."),
            "action": None,
            "icon": "book",
        },
    }  # fmt: skip


def _standing(line: RegisteredDocument) -> str:
    if line.cancelled_for:
        return _("đã hủy: %(why)s") % {"why": line.cancelled_for}
    if line.secrecy:
        words = {"level": line.get_secrecy_display(), "where": line.kept_at}
        return _("%(level)s, bản giấy giữ tại %(where)s") % words
    return _("có tệp") if line.file else _("chưa có tệp")


# ---- Templates -------------------------------------------------------------------------------


def template_page(
    inspection: Inspection,
    form: DocumentForm,
    kept: Sequence[PaperTemplate],
    fields: Sequence[Field],
    as_of: dt.date,
) -> dict[str, Any]:
    """The template in use, those before it, the fields one may write in it."""
    args = (inspection.pk, form.kind.value)
    used = next((each for each in kept if each.is_used), None)
    return {
        "form_about": form,
        "code": code_of(form),
        "used": used,
        "kept": [
            {
                "template": each,
                "size": filesizeformat(each.size),
                "when": formats.date_time(each.uploaded_at),
                "file_url": address(
                    "inspections:document-template-file", *args, as_of=as_of, ban=each.pk
                ),
                "use_url": ""
                if each.is_used
                else address("inspections:document-template-use", *args, each.pk, as_of=as_of),
            }
            for each in kept
        ],
        "own_url": address("inspections:document-template-file", *args, as_of=as_of),
        "leave_url": address("inspections:document-template-leave", *args, as_of=as_of)
        if used
        else "",
        "look_url": address("inspections:document-kind", *args, as_of=as_of),
        "fields": [row for each in fields for row in _field_rows(each)],
        "tag_hint": _("{%p … %} đứng riêng một đoạn; trong bảng dùng {%tr … %} cho cả dòng."),
    }


def _field_rows(field: Field, within: str = "", depth: int = 0) -> list[dict[str, Any]]:
    """How a field is written, with those inside it below."""
    name = f"{within}.{field.key}" if within else field.key
    entry = f"x{depth + 1}" if depth else "x"
    if field.is_table:
        written = f"{{{{p {name} }}}}"
    elif field.is_list:
        inside = "" if field.of else f" {{{{ {entry} }}}} "
        written = f"{{%p for {entry} in {name} %}}{inside}…{{%p endfor %}}"
    else:
        written = f"{{{{ {name} }}}}"
    rows = [{"written": written, "about": field.about, "depth": depth}] if field.about else []
    for each in field.of:
        rows += _field_rows(each, entry, depth + 1)
    return rows


# ---- For an inspected unit -------------------------------------------------------------------


def side_page(source: Source, as_of: dt.date) -> dict[str, Any]:
    """The papers that an inspected unit gets, with what is registered of them."""
    side = source.side
    rows = []
    for form in FORMS:
        if not goes_to_units(form, source):
            continue
        for subject in subjects_of(form, source):
            query = f"?{urlencode({'bien-ban': subject.minutes.pk})}" if subject.minutes else ""
            args = (side.pk if side else 0, form.kind.value)
            look = address("inspections:side-look", *args, as_of=as_of)
            file = address("inspections:side-file", *args, as_of=as_of)
            day = day_of(form, subject)
            rows.append(
                {
                    "code": code_of(form),
                    "title": str(form.label),
                    "number": number_of(form, subject),
                    "day": formats.date(day) if day else "",
                    "look": f"{look}{query}",
                    "file": f"{file}{query}",
                }
            )
    return {"rows": rows}
