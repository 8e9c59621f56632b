"""Grades as sheets: a year by unit, and the people of one unit. Exactly what is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.http import FileResponse, QueryDict
from django.utils.translation import gettext as _

from cadre_portal.templatetags import formats
from cadres.contexts.cadres import birth_text
from cadres.contexts.evaluations import SHORT
from cadres.exports.sending import made_by, table_response
from cadres.exports.tables import Head, Table
from cadres.policies import Actor, can_export_people, require
from cadres.selectors.evaluations import GRADES, GradeYear, Roster

WHAT = "evaluations"


def year_file(
    *,
    actor: Actor,
    found: GradeYear,
    chosen: Sequence[tuple[str, Any, str]],
    query: QueryDict,
    as_of: dt.date,
) -> FileResponse:
    """A year by unit, with its record already written. Raises PermissionDenied."""
    require(can_export_people(actor))
    heads = [
        Head(text=_("Mã đơn vị"), width=12),
        Head(text=_("Đơn vị"), width=36),
        Head(text=_("Cấp"), width=12),
        *(Head(text=str(grade.label), width=14) for grade in GRADES),
        Head(text=_("Chưa xếp loại"), width=12),
        Head(text=_("Mọi người cùng một mức"), width=14),
        Head(text=_("Theo quy định về tỷ lệ xuất sắc"), width=80),
    ]
    about = [
        (_("Nội dung"), _("Đánh giá, xếp loại năm %(year)s theo đơn vị") % {"year": found.year}),
        *((str(label), words) for _name, label, words in chosen),
        (_("Xét theo quy định ngày"), found.judged_on),
        *made_by(actor),
    ]
    table = Table(title=_("Theo đơn vị"), heads=heads, rows=_units(found), about=about)
    return table_response(
        actor,
        table,
        f"xep-loai-{found.year}",
        what=WHAT,
        people=None,
        filters={name: query[name] for name in sorted(query)},
        as_of=as_of,
    )


def _units(found: GradeYear) -> Iterator[list[Any]]:
    for row in found.rows:
        yield [
            row.unit.code,
            row.unit.name,
            str(row.unit.get_level_display()),
            *(row.grades[grade] for grade in GRADES),
            row.missing,
            _("có") if row.is_alike else "",
            row.verdict.message if row.verdict and row.verdict.applies else "",
        ]


def unit_file(*, actor: Actor, roster: Roster, as_of: dt.date) -> FileResponse:
    """The people of a unit with their grades; of who has left only what the page shows."""
    require(can_export_people(actor))
    heads = [
        Head(text=_("Số hiệu"), width=14),
        Head(text=_("Họ và tên"), width=28),
        Head(text=_("Ngày sinh"), width=12),
        Head(text=_("Chức danh"), width=34),
        *(Head(text=_("Năm %(year)s") % {"year": year}) for year in roster.years_before),
        Head(text=_("Năm %(year)s") % {"year": roster.year}),
        Head(text=_("Ghi chú"), width=40),
    ]
    about = [
        (_("Nội dung"), _("Đánh giá, xếp loại năm %(year)s") % {"year": roster.year}),
        (_("Đơn vị"), roster.unit.name),
        *made_by(actor),
    ]
    table = Table(title=str(roster.year), heads=heads, rows=_people(roster), about=about)
    return table_response(
        actor,
        table,
        f"xep-loai-{roster.year}",
        what=WHAT,
        people=len(roster.rows),
        filters={"nam": roster.year},
        as_of=as_of,
        unit=roster.unit,
    )


def _people(roster: Roster) -> Iterator[list[Any]]:
    for row in roster.rows:
        notes = []
        if not row.is_here and row.left_on:
            notes.append(_("thôi giữ chức vụ từ %(day)s") % {"day": formats.date(row.left_on)})
        notes += [f"{given.unit}: {SHORT[given.grade]}" for given in row.elsewhere]
        yield [
            row.cadre.code,
            row.cadre.full_name,
            birth_text(row.cadre),
            row.post,
            *(row.before[y].name if y in row.before else "" for y in roster.years_before),
            row.grade.name if row.grade else "",
            "; ".join(notes),
        ]
