"""What the official tables of planning share: heads, columns of people, numbers with shares."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Protocol

from cadre_portal.templatetags import formats
from cadres.choices import BirthPrecision, Degree, Sex, Theory
from cadres.exports.papers import CENTRED, PaperColumn
from cadres.papers import PaperHead, head_of_paper, signature_of
from cadres.policies import Actor
from planning import selectors
from planning.models import Plan

#: Who gets a paper of a unit.
RECIPIENTS = ("- Ban Tổ chức cấp trên (b/c);", "- Lưu hồ sơ quy hoạch.")
#: The columns of a person; birth dates stand under the sex.
NUMBER = PaperColumn(key="number", head="Số TT", width=9, align=CENTRED)
NAME = PaperColumn(key="name", head="Họ và tên", width=34)
BORN = (
    PaperColumn(key="born_man", head="Nam", width=20, over="Ngày sinh", align=CENTRED),
    PaperColumn(key="born_woman", head="Nữ", width=20, over="Ngày sinh", align=CENTRED),
)
POST = PaperColumn(key="post", head="Chức vụ hiện tại", width=36)
LEARNED = (
    PaperColumn(key="degree", head="chuyên môn", width=16, over="Trình độ", align=CENTRED),
    PaperColumn(key="theory", head="lý luận chính trị", width=16, over="Trình độ", align=CENTRED),
)


def born_cells(cadre: Any) -> tuple[str, str]:
    """The birth date, no more of it than is known, under Nam or Nữ.

    Who has no known sex has it in neither; the note says who.
    """
    text = formats.date(cadre.birth_date, cadre.birth_precision or BirthPrecision.DAY)
    return (
        text if cadre.sex == Sex.MALE else "",
        text if cadre.sex == Sex.FEMALE else "",
    )


def learned_cells(cadre: Any) -> tuple[str, str]:
    """Degree and theory; "" where they are not known."""
    return (
        "" if cadre.degree is None else str(Degree(cadre.degree).label),
        "" if cadre.theory is None else str(Theory(cadre.theory).label),
    )


class WithFile(Protocol):
    """Whatever a row is about, it knows the person's file."""

    @property
    def cadre(self) -> Any: ...


def sexless_note(people: Sequence[WithFile]) -> list[str]:
    """A note naming those whose birth date stands nowhere because the sex is not known."""
    names = list(dict.fromkeys(p.cadre.full_name for p in people if not p.cadre.sex))
    if not names:
        return []
    return [f"Hồ sơ chưa ghi giới tính, nên chưa ghi được ngày sinh: {', '.join(names)}."]


def share_cells(part: int, total: int) -> tuple[int, str]:
    """How many, and what share of the total: "18,2"."""
    share = formats.percent(part, total)
    return part, share.replace(f"{formats.NBSP}%", "")


def plan_head(actor: Actor, plan: Plan, as_of: dt.date) -> tuple[PaperHead, tuple[str, ...]]:
    """The head of a paper about a plan, and who signs; two queries.

    The body above is named whoever asks: it stands on every paper of the unit.
    """
    above = selectors.units_over(plan.unit)
    post = selectors.head_of(plan, as_of)
    signature = signature_of(plan.unit, str(post.title) if post else "")
    return head_of_paper(plan.unit, above, as_of), signature
