"""Kế hoạch luân chuyển năm: targets of units, and the moves that it names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from cadre_portal.templatetags import formats
from cadres.choices import Level
from cadres.exports.papers import CENTRED, RIGHT_ALIGNED, Paper, PaperColumn, PaperRow, PaperTable
from cadres.papers import DOTS, short_day
from cadres.policies import Actor
from planning.exports.paper_parts import BORN, NAME, NUMBER, born_cells, sexless_note
from rotation.choices import PlanState
from rotation.contexts.process import stage_words
from rotation.exports.parts import in_vietnamese, issued_head, post_words
from rotation.models import Rotation, RotationPlan, RotationTarget
from rotation.selectors.papers import moves_of, targets_of
from rotation.selectors.plans import decisions_of

KEY = "rotation_plan"


def _number(key: str, head: str) -> PaperColumn:
    return PaperColumn(key=key, head=head, width=22, align=RIGHT_ALIGNED)


TARGET_COLUMNS = (
    NUMBER,
    PaperColumn(key="unit", head="Đơn vị", width=110),
    _number("send", "Cử đi"),
    _number("receive", "Tiếp nhận"),
    PaperColumn(key="note", head="Ghi chú", width=70),
)
PEOPLE_COLUMNS = (
    NUMBER,
    NAME,
    *BORN,
    PaperColumn(key="kind", head="Hình thức", width=18, align=CENTRED),
    PaperColumn(key="from_post", head="Chức vụ, đơn vị nơi đi", width=42),
    PaperColumn(key="to_post", head="Chức vụ, đơn vị nơi đến", width=42),
    PaperColumn(key="start", head="Từ ngày", width=20, align=CENTRED),
    PaperColumn(key="end", head="Đến ngày", width=20, align=CENTRED),
    PaperColumn(key="need", head="Căn cứ", width=30),
    PaperColumn(key="state", head="Tình trạng", width=22),
)
TARGETS, PEOPLE = "A. Chỉ tiêu theo đơn vị", "B. Danh sách nhân sự"
TABLES = ((TARGETS, TARGET_COLUMNS), (PEOPLE, PEOPLE_COLUMNS))


def plan_paper(actor: Actor, plan: RotationPlan, as_of: dt.date) -> Paper:
    """The plan of a year as far as the actor sees it; a fixed number of queries."""
    moves = moves_of(actor, plan)
    with in_vietnamese():
        tables = (
            PaperTable(
                columns=TARGET_COLUMNS, rows=_targets(targets_of(actor, plan)), caption=TARGETS
            ),
            PaperTable(
                columns=PEOPLE_COLUMNS,
                rows=[_move(number, each) for number, each in enumerate(moves, start=1)],
                caption=PEOPLE,
            ),
        )
    head, signature = issued_head(actor, plan.decision_on or as_of)
    purpose = [line.strip() for line in plan.purpose.splitlines() if line.strip()]
    return Paper(
        template=KEY,
        head=head,
        title=f"KẾ HOẠCH LUÂN CHUYỂN CÁN BỘ NĂM {plan.year}",
        under_title=(_basis(plan),),
        before=[f"Mục đích, yêu cầu: {purpose[0]}", *purpose[1:]] if purpose else [],
        tables=tables,
        notes=(
            *_in_force(plan),
            f"Tình trạng tính đến ngày {short_day(as_of)}. Không tính lượt từ chối, đã hủy.",
            *sexless_note(moves),
        ),
        signature=signature,
        recipients=("- Các đơn vị có tên trong kế hoạch,", "- Lưu hồ sơ luân chuyển."),
        people=len({each.cadre_id for each in moves}),
    )


def _basis(plan: RotationPlan) -> str:
    if plan.status == PlanState.APPROVED:
        return f"(Kế hoạch số {plan.decision_no}, ngày {short_day(plan.decision_on)})"
    number = plan.submission_no or f"{DOTS}-TTr/{DOTS}"
    return f"(dự thảo, kèm theo Tờ trình số {number} ngày {short_day(plan.submitted_on)})"


def _in_force(plan: RotationPlan) -> list[str]:
    """While a plan is being adjusted its last decision stays in force."""
    last = decisions_of(plan)[:1] if plan.status != PlanState.APPROVED else []
    return [
        f"Đang điều chỉnh; Kế hoạch số {each.decision_no}, ngày {short_day(each.decision_on)} vẫn"
        " có hiệu lực."
        for each in last
    ]


def _targets(targets: Sequence[RotationTarget]) -> list[PaperRow]:
    rows: list[PaperRow] = []
    number = 0
    for level in Level:
        of_level = [each for each in targets if each.unit.level == level]
        if of_level:
            rows.append(PaperRow(text=str(level.label)))
        for each in of_level:
            number += 1
            rows.append(PaperRow((number, each.unit.name, each.send, each.receive, each.note)))
    send, receive = (sum(getattr(each, name) for each in targets) for name in ("send", "receive"))
    return [*rows, PaperRow((None, "Cộng", send, receive, ""), "", True)]


def _move(number: int, row: Rotation) -> PaperRow:
    cadre: Any = row.cadre
    return PaperRow(
        (
            number,
            cadre.full_name,
            *born_cells(cadre),
            str(row.get_kind_display()),
            post_words(row, "from"),
            post_words(row, "to"),
            formats.date(row.start_on),
            formats.date(row.ended_on or row.planned_end_on),
            str(row.get_need_display()) if row.need else "",
            stage_words(row),
        )
    )
