"""Self-reports on pages: for the unit that writes one, for the team that reads all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cadre_portal.common import clock
from cadre_portal.templatetags import formats
from inspections.choices import AnswerKind, ReportState, TableKind
from inspections.contexts.links import address
from inspections.contexts.mandate import ReportStanding, report_cell
from inspections.forms.own_rows import (
    FIELD,
    MOST,
    OFFERED,
    cell_name,
    drop_name,
    is_asked,
)
from inspections.forms.self_reports import TableEdit, is_edited, is_typed
from inspections.merging import EditClash
from inspections.models import (
    Attachment,
    InspectedUnit,
    Inspection,
    OutlineItem,
    SelfReport,
    SelfSubmission,
)
from inspections.selectors.prefill import (
    Difference,
    compared,
    difference,
    is_own,
    table_now,
    takes_own,
)
from inspections.selectors.self_reports import (
    ASSESSMENT,
    AnswerCount,
    Question,
    assessment_is_open,
    has_assessment,
    is_writable,
)

UNIT_PAGE = "inspections:self-report"
TEAM_PAGE = "inspections:inspection-reports"
#: A page shows so many rows of a table, and so many differences.
SHOWN_ROWS, SHOWN_CHANGES = 100, 30
_SHORT = 12
#: A table of more number columns is scrolled sideways on a phone, not cut into cards.
_STACKED = 4


# ---- The unit --------------------------------------------------------------------------------


def report_page(
    inspected: InspectedUnit,
    report: SelfReport | None,
    questions: Sequence[Question],
    as_of: dt.date,
) -> dict[str, Any]:
    """The whole report at one look: each question with its state, and what comes next."""
    done = sum(each.is_answered for each in questions)
    state = ReportState(report.state) if report else ReportState.DRAFT
    is_open = is_writable(inspected) and state != ReportState.SUBMITTED
    assessed = has_assessment(report)
    return {
        "report": report,
        "state": state_cell(inspected, report),
        "is_open": is_open,
        "is_asked": is_writable(inspected),
        "is_returned": state == ReportState.RETURNED,
        "done": done,
        "total": len(questions),
        "rows": [_question_row(each, inspected, as_of) for each in questions],
        "assessment": {
            "url": address("inspections:self-assessment", inspected.pk, as_of=as_of),
            "outcome": "met" if assessed else "cannot_tell",
            "words": _("đã ghi") if assessed else _("chưa ghi"),
            "is_open": assessment_is_open(inspected, report),
        },
        "submit_url": address("inspections:self-report-submit", inspected.pk, as_of=as_of)
        if is_open
        else "",
        "is_whole": done == len(questions) and assessed,
        "first_open": next(
            (
                answer_url(inspected, each, as_of)
                for each in questions
                if each.is_open and (each.is_returned or not each.is_answered)
            ),
            "",
        ),
        "paper_url": address("inspections:side-look", inspected.pk, "kt5", as_of=as_of)
        if report
        else "",
    }


def report_url(inspected: InspectedUnit, as_of: dt.date) -> str:
    """The unit's report at one look."""
    return address(UNIT_PAGE, inspected.pk, as_of=as_of)


def reports_url(inspection: Inspection, as_of: dt.date) -> str:
    """All reports, for the team."""
    return address(TEAM_PAGE, inspection.pk, as_of=as_of)


def assessment_parts(report: SelfReport | SelfSubmission | None) -> list[dict[str, str]]:
    """The unit's own assessment as it is read."""
    return [
        {
            "label": str(SelfReport._meta.get_field(name).verbose_name).capitalize(),  # type: ignore[union-attr]
            "text": getattr(report, name, ""),
        }
        for name in ASSESSMENT
    ]


def answer_url(inspected: InspectedUnit, question: Question, as_of: dt.date) -> str:
    """Where a question is answered."""
    return address("inspections:self-answer", inspected.pk, question.item.pk, as_of=as_of)


def _question_row(each: Question, inspected: InspectedUnit, as_of: dt.date) -> dict[str, Any]:
    outcome, words = state_of(each)
    return {
        "question": each,
        "number": each.item.number,
        "title": each.item.title,
        "way": way_words(each),
        "outcome": outcome,
        "words": words,
        "reason": each.answer.returned_for if each.answer and each.is_returned else "",
        "files": len(each.files),
        "url": answer_url(inspected, each, as_of),
    }


def state_of(each: Question) -> tuple[str, str]:
    """An outcome and words."""
    if each.is_returned:
        return "not_met", _("cần bổ sung")
    if each.is_answered:
        return "met", _("đã trả lời")
    return "cannot_tell", _("chưa trả lời")


def way_words(each: Question) -> str:
    """How it is to be answered."""
    if each.item.kind == AnswerKind.TABLE:
        return _("bảng: %(name)s") % {"name": str(TableKind(each.item.table).label).lower()}
    return str(each.item.get_kind_display()).lower()


def answer_page(
    inspected: InspectedUnit,
    questions: Sequence[Question],
    present: Question,
    as_of: dt.date,
) -> dict[str, Any]:
    """Around the form of one question: all of them, the one before, the next."""
    place = questions.index(present)
    around = {"before": place - 1, "next": place + 1}
    return {
        "question": present,
        "item": present.item,
        "answer": present.answer,
        "rows": [_question_row(each, inspected, as_of) for each in questions],
        "here": present.item.pk,
        "files": [
            file_row(each, as_of, _drop_url(inspected, each, as_of) if present.is_open else "")
            for each in present.files
        ],
        "is_last": place + 1 == len(questions),
        **{
            f"{name}_url": answer_url(inspected, questions[at], as_of)
            if 0 <= at < len(questions)
            else ""
            for name, at in around.items()
        },
        "report_url": address(UNIT_PAGE, inspected.pk, as_of=as_of),
    }


def _drop_url(inspected: InspectedUnit, file: Attachment, as_of: dt.date) -> str:
    return address("inspections:self-answer-file-drop", inspected.pk, file.pk, as_of=as_of)


def file_row(file: Attachment, as_of: dt.date, drop_url: str = "") -> dict[str, Any]:
    """A file with where it is read, and where it is taken away."""
    return {
        "name": file.file_name,
        "size": file.size,
        "url": address("inspections:attachment-file", file.pk, as_of=as_of),
        "who": str(file.uploaded_by),
        "at": file.uploaded_at,
        "drop_url": drop_url,
    }


# ---- Tables ----------------------------------------------------------------------------------


def table_part(edit: TableEdit, present: Question, clash: EditClash | None) -> dict[str, Any]:
    """The table of a question: to be typed into while it is open, what differs, what clashes."""
    against = difference(edit.table, edit.now)
    mine = next((each for each in clash.clashes if each.name == "table"), None) if clash else None
    conflict = None
    if mine and clash and mine.theirs and mine.mine:
        found = compared(mine.theirs, mine.mine)
        conflict = {
            "name": "chon-table",
            "before": "",
            "mine": clash_words(found, mine=True),
            "theirs": clash_words(found, mine=False),
            "who": clash.who or _("Người khác"),
            "pick_mine": "mine",
            "pick_theirs": "theirs",
            "picked": "mine",
        }
    types = present.is_open and is_edited(edit.filled)
    adds = present.is_open and takes_own(edit.filled)
    shown = (
        table_edited(edit.filled, edit.wrong, against)
        if types
        else table_shown(edit.filled if adds else edit.table)
    )
    return shown | {
        "own": own_rows(edit) if adds else None,
        "is_typed": types,
        "is_open": present.is_open,
        "is_fresh": edit.is_fresh,
        "has_kept": present.answer is not None and present.answer.table is not None,
        "source": edit.source,
        "difference": None if edit.is_fresh else difference_shown(against),
        "conflict": conflict,
    }


def table_shown(table: Mapping[str, Any], most: int = SHOWN_ROWS) -> dict[str, Any]:
    """A table to be read; of a long one its beginning."""
    rows = list(table.get("rows", ()))
    keys = table.get("keys") or [""] * len(rows)
    columns = [
        {"label": column["label"], "num": bool(column.get("num")), "short": _is_short(rows, place)}
        for place, column in enumerate(table.get("columns", ()))
    ]
    return {
        "columns": columns,
        "rows": [
            {
                "is_own": is_own(key),
                "cells": [
                    (column, _cell(column, cell))
                    for column, cell in zip(columns, row, strict=False)
                ],
            }
            for place, (key, row) in enumerate(zip(keys, rows, strict=True))
            if place < most or is_own(key)
        ],
        "is_wide": sum(bool(column["num"]) for column in columns) > _STACKED,
        "total": len(rows),
        "left": max(0, sum(not is_own(key) for key in keys) - most),
        "day": _day(table.get("as_of")),
        "since": _day(table.get("since")),
    }


def _is_short(rows: Sequence[Sequence[Any]], place: int) -> bool:
    """Whether a column holds a word or a day, which stays on one line."""
    return all(len(str(row[place] or "")) <= _SHORT for row in rows if place < len(row))


def _cell(column: Mapping[str, Any], cell: Any) -> str:
    """A number in a column of numbers with its thousands apart; years and codes as they are."""
    if column.get("num") and isinstance(cell, int):
        return formats.number(cell)
    return "" if cell is None else str(cell)


def _day(text: str | None) -> str:
    return formats.date(dt.date.fromisoformat(text)) if text else ""


def table_edited(
    table: Mapping[str, Any],
    wrong: Mapping[tuple[str, int], str],
    changed: Difference | None = None,
) -> dict[str, Any]:
    """A table to be typed into; cells that the data of now say otherwise are told."""
    now = {(each.key, each.place): each.now for each in changed.cells} if changed else {}
    rows = []
    for number, (key, cells) in enumerate(zip(table["keys"], table["rows"], strict=True)):
        shown = []
        for place, (column, cell) in enumerate(zip(table["columns"], cells, strict=False)):
            shown.append(
                {
                    "label": column["label"],
                    "is_fixed": bool(column.get("fixed")),
                    "is_number": bool(column.get("num")),
                    "is_typed": is_typed(column),
                    "text": _cell(column, cell),
                    "name": f"o-{number}-{place}",
                    "value": "" if cell is None else cell,
                    "error": wrong.get((key, place), ""),
                    "now": now.get((key, place)),
                }
            )
        rows.append({"key": key, "name": _row_name(shown), "cells": shown})
    return table_shown(table, 0) | {"rows": rows, "left": 0}


def own_rows(edit: TableEdit) -> dict[str, Any]:
    """The unit's own rows to be typed into, and empty ones to add."""
    columns = edit.filled["columns"]
    empty = [("", [None] * len(columns))] * min(OFFERED, MOST - len(edit.own))
    return {
        "number": len(edit.own),
        "field": FIELD,
        "rows": [
            {
                "key": key,
                "drop": drop_name(number) if key else "",
                "cells": [
                    {
                        "label": column["label"],
                        "name": cell_name(number, place),
                        "value": "" if cell is None else cell,
                        "is_number": bool(column.get("num")),
                        "error": edit.own_wrong.get((key, place), ""),
                    }
                    for place, (column, cell) in enumerate(zip(columns, cells, strict=True))
                    if is_asked(column)
                ],
            }
            for number, (key, cells) in enumerate([*edit.own.items(), *empty])
        ],
    }


def _row_name(cells: Iterable[Mapping[str, Any]]) -> str:
    return ", ".join(str(each["value"]) for each in cells if each["is_fixed"] and each["value"])


def difference_shown(found: Difference) -> dict[str, Any]:
    """What the data of now say otherwise than what the unit gave."""
    lines = [
        _("%(row)s, %(column)s: đơn vị ghi %(kept)s, dữ liệu hiện có %(now)s")
        % {
            "row": each.row,
            "column": each.column,
            "kept": each.kept or _("trống"),
            "now": each.now or _("trống"),
        }
        for each in found.cells
    ]
    lines += [_("%(row)s: dữ liệu hiện không còn dòng này") % {"row": row} for row in found.gone]
    lines += [_("%(row)s: dòng mới có trong dữ liệu") % {"row": row} for row in found.added]
    number = found.number
    text = ngettext("%(n)s chỗ khác dữ liệu hiện có", "%(n)s chỗ khác dữ liệu hiện có", number) % {
        "n": formats.number(number)
    }
    return {
        "number": number,
        "text": text if number else _("khớp dữ liệu hiện có"),
        "outcome": "cannot_tell" if number else "met",
        "lines": lines[:SHOWN_CHANGES],
        "left": max(0, len(lines) - SHOWN_CHANGES),
    }


def clash_words(found: Difference, *, mine: bool) -> str:
    """What one of two tables says where they differ (`found`: theirs against mine)."""
    lines = [
        f"{each.row}, {each.column}: {each.now if mine else each.kept}" for each in found.cells
    ]
    more = found.added if mine else found.gone
    return "\n".join([*lines, *more]) or _("như bản kia")


# ---- The team --------------------------------------------------------------------------------


def reports_table(
    units: Iterable[Any],
    counts: Mapping[int, AnswerCount],
    total: int,
    read: set[int],
    as_of: dt.date,
    *,
    is_asked: bool,
) -> dict[str, Any]:
    """The units with how far each is; those that the actor reads are links."""
    return {
        "caption": _("Báo cáo tự kiểm tra theo đơn vị"),
        "columns": [
            {"label": _("Đơn vị"), "name": True},
            {"label": _("Hạn nộp")},
            {"label": _("Tình trạng")},
            {"label": _("Đã trả lời"), "num": True},
            {"label": _("Chờ bổ sung"), "num": True},
            {"label": _("Tệp"), "num": True},
        ],
        "rows": [
            _unit_row(each, counts.get(each.pk), total, as_of, is_read=each.pk in read,
                      is_asked=is_asked)
            for each in units
        ],
        "empty": {
            "title": _("Chưa chọn đơn vị được kiểm tra"),
            "text": _("Chọn đơn vị và hạn nộp báo cáo ở thẻ Tổng quát."),
            "icon": "tree",
        },
    }  # fmt: skip


def _unit_row(
    each: Any,
    count: AnswerCount | None,
    total: int,
    as_of: dt.date,
    *,
    is_read: bool,
    is_asked: bool,
) -> dict[str, Any]:
    done = count or AnswerCount(0, 0, 0)
    return {
        "url": address("inspections:inspection-report", each.pk, as_of=as_of) if is_read else "",
        "cells": [
            {"text": each.unit.name, "under": each.head},
            formats.date(each.report_due_on) if each.report_due_on else "",
            report_cell(each, is_asked=is_asked, with_due=False),
            f"{done.answered}/{total}",
            done.returned or "",
            done.files or "",
        ],
    }


def summary(units: Sequence[Any], *, is_asked: bool) -> str:
    """One sentence over all units."""
    if not is_asked:
        return _("Đơn vị trả lời sau khi cuộc kiểm tra sang bước tự kiểm tra.")
    today = clock.today()
    sent = sum(each.report_state == ReportState.SUBMITTED for each in units)
    late = sum(
        each.first_sent_on is None
        and not each.late_reason
        and each.report_due_on is not None
        and each.report_due_on < today
        for each in units
    )
    text = _("%(sent)s trong %(total)s đơn vị đã nộp") % {"sent": sent, "total": len(units)}
    if late:
        text += "; " + ngettext("%(n)s đơn vị quá hạn", "%(n)s đơn vị quá hạn", late) % {"n": late}
    return f"{text}."


def read_page(
    inspected: InspectedUnit,
    report: SelfReport | None,
    given: SelfSubmission | None,
    questions: Sequence[Question],
    as_of: dt.date,
    *,
    done: int,
    may_return: bool,
    compares: bool = False,
    typed: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """A unit's report as the team reads it: what was last submitted. What the unit is writing is
    its own: only how far it is (`done`).

    `compares`: tables are compared with the data of now here, not one by one once they are seen.
    """
    is_sent = given is not None
    typed = typed or {}
    returns = bool(may_return and report and report.state == ReportState.SUBMITTED)
    return {
        "inspected": inspected,
        "report": report,
        "is_sent": is_sent,
        "done": sum(each.is_answered for each in questions) if is_sent else done,
        "total": inspected.inspection.outline.count() if given is None else len(questions),
        "cards": [_card(each, inspected, as_of, typed, compares=compares) for each in questions]
        if is_sent
        else [],
        "given": given,
        "assessment": assessment_parts(given) if is_sent else [],
        "return_url": address("inspections:report-return", inspected.pk, as_of=as_of)
        if returns
        else "",
        "reason": typed.get("reason", ""),
        "paper_url": address(
            "inspections:document-look", inspected.inspection_id, "kt5", as_of=as_of,
            don_vi=inspected.pk,
        ) if is_sent else "",
    }  # fmt: skip


def answer_difference(inspected: InspectedUnit, each: Question) -> dict[str, Any] | None:
    """How the table of an answer differs from the data of now; None where there is none."""
    table = each.answer.table if each.answer else None
    if not table or not each.item.table or "keys" not in table:
        return None
    return difference_shown(difference(table, table_now(inspected, each.item.table)))


def _card(
    each: Question,
    inspected: InspectedUnit,
    as_of: dt.date,
    typed: Mapping[str, str],
    *,
    compares: bool,
) -> dict[str, Any]:
    outcome, words = state_of(each)
    table = each.answer.table if each.answer else None
    name = f"muc-{each.item.pk}"
    return {
        "item": each.item,
        "answer": each.answer,
        "outcome": outcome,
        "words": words,
        "topic": each.item.get_topic_display(),
        "table": table_shown(table) if table else None,
        "difference": answer_difference(inspected, each) if compares else None,
        "difference_url": address(
            "inspections:report-difference", inspected.pk, each.item.pk, as_of=as_of
        )
        if table and "keys" in table and not compares
        else "",
        "files": [file_row(file, as_of) for file in each.files],
        "name": name,
        "typed": typed.get(name, ""),
    }


def said_links(
    inspected: InspectedUnit,
    answers: Iterable[tuple[SelfSubmission, OutlineItem]],
    as_of: dt.date,
) -> list[dict[str, str]]:
    """Where what the unit submitted speaks of something: number, day, question."""
    found = []
    for given, item in answers:
        words = {"no": given.number, "day": formats.date(given.submitted_on), "n": item.number}
        url = address("inspections:inspection-report", inspected.pk, as_of=as_of)
        found.append(
            {
                "text": _("Báo cáo tự kiểm tra %(no)s ngày %(day)s, mục %(n)s") % words,
                "url": f"{url}#muc-{item.number}",
            }
        )
    return found


def people_told(questions: Iterable[Question]) -> dict[int, str]:
    """People whose facts these answers tell: code by id."""
    found: dict[int, str] = {}
    for each in questions:
        if each.answer and each.answer.table:
            found |= people_of(each.answer.table)
    return found


def state_cell(inspected: InspectedUnit, report: Any) -> dict[str, Any]:
    """Where a report stands against its deadline; `report` as of `report_of`, or None."""
    return report_cell(
        ReportStanding(
            inspected.report_due_on,
            report.state if report else "",
            report.submitted_on if report else None,
            report.first_sent_on if report else None,
            inspected.late_reason,
        ),
        is_asked=is_writable(inspected),
    )


def people_of(table: Mapping[str, Any]) -> dict[int, str]:
    """Those whom a table names with their facts."""
    return {int(pk): code for pk, code in (table.get("who") or {}).items()}


def remind_words(inspection: Inspection, owing: int, as_of: dt.date) -> dict[str, str]:
    """The button that reminds who has not submitted; empty without any."""
    if not owing:
        return {}
    text = ngettext("Nhắc %(n)s đơn vị", "Nhắc %(n)s đơn vị", owing) % {"n": owing}
    return {
        "label": text,
        "url": address("inspections:reports-remind", inspection.pk, as_of=as_of),
    }
