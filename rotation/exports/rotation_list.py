"""Danh sách cán bộ luân chuyển, điều động, biệt phái: what the list shows, on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from cadre_portal.templatetags import formats
from cadres.ethnic_groups import ETHNIC_GROUPS
from cadres.exports.papers import CENTRED, RIGHT_ALIGNED, Paper, PaperColumn, PaperRow, PaperTable
from cadres.papers import short_day
from cadres.policies import Actor
from cadres.selectors.cadres import sensitive_scope
from compliance.selectors.retirement import whole_months
from planning.exports.paper_parts import BORN, NAME, NUMBER, born_cells, sexless_note
from rotation.choices import RotationKind, RotationStatus
from rotation.contexts.process import can_see_reasons, stage_words
from rotation.exports.parts import in_vietnamese, issued_head, joined, post_words
from rotation.models import Rotation
from rotation.selectors.people import is_done
from rotation.selectors.rotations import RotationFilter, rotation_list

KEY = "rotation_list"
COLUMNS = (
    NUMBER,
    NAME,
    *BORN,
    PaperColumn(key="group", head="Dân tộc", width=13, align=CENTRED),
    PaperColumn(key="kind", head="Hình thức", width=16, align=CENTRED),
    PaperColumn(key="from_post", head="Chức vụ, đơn vị nơi đi", width=31),
    PaperColumn(key="to_post", head="Chức vụ, đơn vị nơi đến", width=31),
    PaperColumn(key="time", head="Thời gian", width=24, align=CENTRED),
    PaperColumn(key="months", head="Số tháng", width=12, align=RIGHT_ALIGNED),
    PaperColumn(key="decision", head="Quyết định", width=18),
    PaperColumn(key="state", head="Tình trạng", width=18),
    PaperColumn(key="note", head="Ghi chú", width=22),
)
TABLES = (("", COLUMNS),)


def rotation_list_paper(
    actor: Actor,
    wanted: RotationFilter,
    filters: Sequence[str],
    as_of: dt.date,
    *,
    with_group: bool,
    with_reasons: bool,
) -> Paper:
    """The rotations that the actor may see, narrowed; a fixed number of queries.

    `filters`: what it is narrowed to, in words. `with_group`: ethnic groups stand in it, for those
    people of whom the actor may know; `with_reasons`: why somebody declined or came back early.
    """
    rows = list(
        rotation_list(actor, wanted).annotate(tells_group=sensitive_scope(actor, "cadre_id"))
    )
    with in_vietnamese():
        lines = [
            _line(
                number,
                row,
                as_of,
                with_group=with_group,
                with_reasons=with_reasons and can_see_reasons(actor, row),
            )
            for number, row in enumerate(rows, start=1)
        ]
        counted = _counted(rows)
    head, signature = issued_head(actor, as_of)
    return Paper(
        template=KEY,
        head=head,
        title="DANH SÁCH CÁN BỘ LUÂN CHUYỂN, ĐIỀU ĐỘNG, BIỆT PHÁI",
        under_title=(
            *((f"({'; '.join(filters)})",) if filters else ()),
            f"Tính đến ngày {short_day(as_of)}",
        ),
        tables=(PaperTable(columns=COLUMNS, rows=lines),),
        notes=(
            counted,
            "Ngày trong ngoặc: dự kiến kết thúc.",
            *([] if with_group else ["Cột dân tộc để trống."]),
            *sexless_note(rows),
        ),
        signature=signature,
        recipients=("- Lưu hồ sơ luân chuyển.",),
        is_sensitive=with_group or with_reasons,
        people=len({row.cadre_id for row in rows}),
    )


def _counted(rows: Sequence[Rotation]) -> str:
    kinds = (
        f"{str(kind.label).lower()} {number}"
        for kind in RotationKind
        if (number := sum(row.kind == kind for row in rows))
    )
    people = len({row.cadre_id for row in rows})
    said = f"Danh sách có {len(rows)} lượt, {people} người"
    return f"{joined([said, ', '.join(kinds)], ': ')}."


def _line(
    number: int, row: Any, as_of: dt.date, *, with_group: bool, with_reasons: bool
) -> PaperRow:
    cadre, end = row.cadre, formats.date(row.ended_on)
    if not row.ended_on and row.planned_end_on:
        end = f"({formats.date(row.planned_end_on)})"
    return PaperRow(
        (
            number,
            cadre.full_name,
            *born_cells(cadre),
            ETHNIC_GROUPS.get(cadre.ethnicity_code, "") if with_group and row.tells_group else "",
            str(row.get_kind_display()),
            post_words(row, "from"),
            post_words(row, "to"),
            joined([formats.date(row.start_on), end], " – "),
            whole_months(row.start_on, min(row.ended_on or as_of, as_of))
            if row.start_on and is_done(row)
            else None,
            joined([row.decision_no, formats.date(row.decision_on)], ", "),
            stage_words(row),
            _note(row) if with_reasons else "",
        )
    )


def _note(row: Rotation) -> str:
    if row.status == RotationStatus.DECLINED:
        kind = str(row.get_decline_kind_display()) if row.decline_kind else ""
        return joined([kind, row.decline_reason], ": ")
    kind = str(row.get_end_kind_display()) if row.end_kind else ""
    return joined([kind, row.end_note], ": ")
