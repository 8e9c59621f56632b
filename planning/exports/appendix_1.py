"""Phụ lục 1 – Bảng rà soát, chuyển tiếp quy hoạch: twelve columns (REGULATIONS section 9)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from cadres.exports.papers import Paper, PaperColumn, PaperRow, PaperTable
from cadres.papers import Attached
from cadres.policies import Actor, can_see_sensitive
from planning.exports.paper_parts import (
    BORN,
    LEARNED,
    NAME,
    NUMBER,
    POST,
    RECIPIENTS,
    born_cells,
    learned_cells,
    plan_head,
    sexless_note,
)
from planning.exports.review_rows import (
    COMMITTEE,
    DEPUTIES,
    HEADS,
    REMOVED,
    Review,
    ReviewRow,
    review_of,
)
from planning.models import Dossier, Plan

KEY = "appendix_1"
COLUMNS = (
    NUMBER,
    NAME,
    *BORN,
    POST,
    PaperColumn(key="planned", head="Chức danh đã được quy hoạch", width=27),
    PaperColumn(key="carried", head="Chức danh chuyển tiếp quy hoạch", width=27),
    *LEARNED,
    PaperColumn(key="basis", head="QĐ quy hoạch (số, ngày)", width=20),
    PaperColumn(key="grades", head="Kết quả phân loại 03 năm gần nhất", width=26),
    PaperColumn(key="proposal", head="Đề xuất của đơn vị", width=26),
)
TABLES = (("", COLUMNS),)
#: The form numbers three groups; committees, which it does not name, come before them.
_GROUPS = (
    (COMMITTEE, "Cấp ủy"),
    (HEADS, "I. Cấp trưởng"),
    (DEPUTIES, "II. Cấp phó"),
    (REMOVED, "III. Đưa ra khỏi quy hoạch"),
)


def appendix_1(
    actor: Actor, plan: Plan, dossier: Dossier | None, as_of: dt.date, *, attached: Attached
) -> Paper:
    """The review of a plan as its dossier has it; without a dossier, to be filled in.

    Why somebody leaves is told to those alone who may see disciplines.
    """
    told = can_see_sensitive(actor, plan.unit)
    review = review_of(plan, dossier, as_of, with_reasons=told)
    head, signature = plan_head(actor, plan, as_of)
    return Paper(
        template=KEY,
        head=head,
        title="Phụ lục 1. BẢNG RÀ SOÁT, CHUYỂN TIẾP QUY HOẠCH",
        under_title=(attached.words,),
        tables=(PaperTable(columns=COLUMNS, rows=lines(review, as_of)),),
        notes=sexless_note([row.person for row in review.rows]),
        signature=signature,
        recipients=RECIPIENTS,
        is_sensitive=review.is_sensitive,
        people=len({row.person.cadre.pk for row in review.rows}),
    )


def lines(review: Review, as_of: dt.date) -> list[PaperRow]:
    """People by term, then by group; numbers begin anew in each group."""
    found: list[PaperRow] = []
    for term in dict.fromkeys(row.term for row in review.rows):
        found.append(PaperRow(text=f"NHIỆM KỲ {term}"))
        for key, words in _GROUPS:
            rows = [row for row in review.rows if (row.term, row.group) == (term, key)]
            if rows or key != COMMITTEE:
                found.append(PaperRow(text=words))
            found += _people(rows, as_of)
    return found


def _people(rows: Sequence[ReviewRow], as_of: dt.date) -> list[PaperRow]:
    return [
        PaperRow(
            (
                number,
                row.person.cadre.full_name,
                *born_cells(row.person.cadre),
                row.person.post,
                ", ".join(row.planned),
                ", ".join(row.carried),
                *learned_cells(row.person.cadre),
                row.basis,
                row.person.grade_words(as_of),
                row.proposal,
            )
        )
        for number, row in enumerate(rows, start=1)
    ]
