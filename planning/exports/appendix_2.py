"""Phụ lục 2 – Bảng rà soát, bổ sung quy hoạch: ten columns (REGULATIONS section 9)."""

from __future__ import annotations

import datetime as dt

from cadres.exports.papers import CENTRED, Paper, PaperColumn, PaperRow, PaperTable
from cadres.papers import Attached
from cadres.policies import Actor
from planning.exports.paper_parts import (
    BORN,
    NAME,
    NUMBER,
    POST,
    RECIPIENTS,
    born_cells,
    learned_cells,
    plan_head,
    sexless_note,
)
from planning.exports.review_rows import Review, review_of
from planning.models import Dossier, Plan

KEY = "appendix_2"
COLUMNS = (
    NUMBER,
    NAME,
    *BORN,
    POST,
    PaperColumn(key="titles", head="Chức danh đề xuất quy hoạch", width=42),
    PaperColumn(key="degree", head="Chuyên môn", width=20, align=CENTRED),
    PaperColumn(key="theory", head="Lý luận chính trị", width=20, align=CENTRED),
    PaperColumn(key="grades", head="Kết quả phân loại 03 năm", width=28),
    PaperColumn(key="proposal", head="Đề xuất", width=30),
)
TABLES = (("", COLUMNS),)
#: So many lines to be filled in by hand.
BLANK_ROWS = 5


def appendix_2(
    actor: Actor, plan: Plan, dossier: Dossier | None, as_of: dt.date, *, attached: Attached
) -> Paper:
    """Whom a unit proposes to add, as its dossier has it; without one, to be filled in."""
    review = review_of(plan, dossier, as_of, with_reasons=False)
    head, signature = plan_head(actor, plan, as_of)
    return Paper(
        template=KEY,
        head=head,
        title="Phụ lục 2. BẢNG RÀ SOÁT, BỔ SUNG QUY HOẠCH",
        under_title=(
            f"Nhiệm kỳ {plan.term}",
            attached.words,
        ),
        tables=(
            PaperTable(columns=COLUMNS, rows=lines(review, as_of) if dossier else blank_lines()),
        ),
        notes=sexless_note([row.person for row in review.added]),
        signature=signature,
        recipients=RECIPIENTS,
        people=len(review.added),
    )


def blank_lines() -> list[PaperRow]:
    """To be filled in by hand."""
    empty = (None,) * (len(COLUMNS) - 1)
    return [
        PaperRow(text="Số lượng đề nghị: …"),
        PaperRow(text="Danh sách nhân sự giới thiệu"),
        *(PaperRow((number, *empty)) for number in range(1, BLANK_ROWS + 1)),
    ]


def lines(review: Review, as_of: dt.date) -> list[PaperRow]:
    """How many are proposed for which title, then the people."""
    asked = "; ".join(f"{title}: {number}" for title, number in review.asked)
    number = sum(number for _title, number in review.asked)
    people = [
        PaperRow(
            (
                place,
                row.person.cadre.full_name,
                *born_cells(row.person.cadre),
                row.person.post,
                ", ".join(row.titles),
                *learned_cells(row.person.cadre),
                row.person.grade_words(as_of),
                row.proposal,
            )
        )
        for place, row in enumerate(review.added, start=1)
    ]
    return [
        PaperRow(text=f"Số lượng đề nghị: {number}{f' ({asked})' if asked else ''}"),
        PaperRow(text="Danh sách nhân sự giới thiệu"),
        *people,
    ]
