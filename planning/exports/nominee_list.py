"""Danh sách quy hoạch: everybody in a plan, title by title."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from cadre_portal.templatetags import formats
from cadres.ethnic_groups import ETHNIC_GROUPS
from cadres.exports.papers import CENTRED, Paper, PaperColumn, PaperRow, PaperTable
from cadres.papers import Attached, short_day
from cadres.policies import Actor
from planning import selectors
from planning.choices import PlanStatus
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
from planning.models import Plan
from planning.selectors.form_people import FormPerson, form_people, listed_nominations

KEY = "nominee_list"
COLUMNS = (
    NUMBER,
    NAME,
    *BORN,
    PaperColumn(key="group", head="Dân tộc", width=16, align=CENTRED),
    PaperColumn(key="party_joined", head="Ngày vào Đảng", width=20, align=CENTRED),
    POST,
    *LEARNED,
    PaperColumn(key="planned", head="Đưa vào quy hoạch", width=21, align=CENTRED),
    PaperColumn(key="grades", head="Kết quả phân loại 03 năm", width=28),
)
TABLES = (("", COLUMNS),)


def nominee_list(
    actor: Actor,
    plan: Plan,
    as_of: dt.date,
    *,
    with_group: bool,
    attached: Attached,
) -> Paper:
    """The list of a plan that the actor may see; seven queries.

    `with_group`: ethnic groups stand in it, for those people of whom the actor may know.
    """
    rows = listed_nominations(actor, plan, as_of)
    people = form_people([row.cadre for row in rows], as_of)
    by_pool: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        by_pool[row.pool_id].append(row)
    lines: list[PaperRow] = []
    for pool in selectors.pools_of(plan):
        named = by_pool[pool.pk]
        prescribed = pool.position.prescribed
        lines.append(
            PaperRow(
                text=f"{pool.position.title} (số lượng quy định: {prescribed};"
                f" quy hoạch: {len(named)})"
            )
        )
        lines += [
            _line(number, row, people[row.cadre_id], as_of, with_group=with_group)
            for number, row in enumerate(named, start=1)
        ]
    head, signature = plan_head(actor, plan, as_of)
    return Paper(
        template=KEY,
        head=head,
        title="DANH SÁCH QUY HOẠCH CÁN BỘ",
        under_title=(
            f"Nhiệm kỳ {plan.term}",
            _basis(plan, attached),
        ),
        tables=(PaperTable(columns=COLUMNS, rows=lines),),
        notes=(
            f"Danh sách có {len(people)} người, {len(rows)} lượt quy hoạch,"
            f" tính đến ngày {short_day(as_of)}.",
            *([] if with_group else ["Cột dân tộc để trống."]),
            *sexless_note(list(people.values())),
        ),
        signature=signature,
        recipients=RECIPIENTS,
        is_sensitive=with_group,
        people=len(people),
    )


def _basis(plan: Plan, attached: Attached) -> str:
    """What the list goes with: the decision that approved it, or the submission."""
    if plan.status == PlanStatus.APPROVED and not attached.number:
        number = plan.decision_no or "…"
        return f"(phê duyệt tại Quyết định số {number} ngày {short_day(plan.approved_on)})"
    return attached.words


def _line(
    number: int, row: Any, person: FormPerson, as_of: dt.date, *, with_group: bool
) -> PaperRow:
    cadre = person.cadre
    told = with_group and row.is_told
    return PaperRow(
        (
            number,
            cadre.full_name,
            *born_cells(cadre),
            ETHNIC_GROUPS.get(cadre.ethnicity_code, "") if told else "",
            formats.date(cadre.party_joined_on),
            person.post,
            *learned_cells(cadre),
            formats.date(row.nominated_on),
            person.grade_words(as_of),
        )
    )
