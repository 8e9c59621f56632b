"""Biểu tổng hợp số lượng, cơ cấu quy hoạch (REGULATIONS section 9; shape recalled)."""

from __future__ import annotations

import datetime as dt

from cadre_portal.templatetags import formats
from cadres.exports.papers import RIGHT_ALIGNED, Paper, PaperColumn, PaperRow, PaperTable
from cadres.papers import Attached, short_day
from cadres.policies import Actor
from planning import selectors
from planning.exports.paper_parts import NUMBER, RECIPIENTS, plan_head, share_cells
from planning.models import Plan
from planning.selectors.structure import Ages, Structure, plan_structure

KEY = "structure_form"


def _number(key: str, head: str, over: str = "", width: float = 10) -> PaperColumn:
    return PaperColumn(key=key, head=head, over=over, width=width, align=RIGHT_ALIGNED)


COLUMNS = (
    NUMBER,
    PaperColumn(key="title", head="Chức danh", width=44),
    _number("prescribed", "Số lượng quy định", width=14),
    _number("people", "Số quy hoạch", width=14),
    _number("coefficient", "Hệ số", width=12),
    _number("women", "SL", "Nữ"),
    _number("women_share", "%", "Nữ", 12),
    _number("minority", "SL", "Dân tộc thiểu số"),
    _number("minority_share", "%", "Dân tộc thiểu số", 12),
    _number("young", "SL", "Trẻ"),
    _number("young_share", "%", "Trẻ", 12),
    _number("band_young", "Nhóm 1", "Ba độ tuổi", 12),
    _number("band_middle", "Nhóm 2", "Ba độ tuổi", 12),
    _number("band_senior", "Nhóm 3", "Ba độ tuổi", 12),
    _number("doctors", "TS", "Chuyên môn"),
    _number("masters", "ThS", "Chuyên môn"),
    _number("bachelors", "ĐH", "Chuyên môn"),
    _number("theory_high", "CN, CC", "Lý luận chính trị", 12),
    _number("theory_middle", "TC", "Lý luận chính trị"),
    _number("own", "Tại chỗ", "Nguồn", 12),
    _number("elsewhere", "Nơi khác", "Nguồn", 12),
)
TABLES = (("", COLUMNS),)


def structure_form(
    actor: Actor,
    plan: Plan,
    as_of: dt.date,
    *,
    with_group: bool,
    attached: Attached,
) -> Paper:
    """The table of a plan that the actor may see; `with_group`: minorities are counted in it."""
    found = plan_structure(plan, as_of)
    rows = []
    prescribed = 0
    for number, pool in enumerate(selectors.pools_of(plan), start=1):
        posts = pool.position.prescribed
        prescribed += posts
        structure = found.by_pool.get(pool.pk, Structure())
        named = (number, str(pool.position.title), posts)
        rows.append(PaperRow((*named, *cells(structure, posts, found.ages, with_group))))
    # People of several titles make a coefficient of all of them meaningless.
    whole = cells(found.whole, 0, found.ages, with_group)
    rows.append(PaperRow((None, "Cộng (mỗi người tính một lần)", prescribed, *whole), "", True))
    head, signature = plan_head(actor, plan, as_of)
    return Paper(
        template=KEY,
        head=head,
        title="BIỂU TỔNG HỢP SỐ LƯỢNG, CƠ CẤU QUY HOẠCH",
        under_title=(f"Nhiệm kỳ {plan.term}", attached.words),
        tables=(PaperTable(columns=COLUMNS, rows=rows),),
        notes=notes(found.whole, found.ages, as_of, with_group=with_group),
        signature=signature,
        recipients=RECIPIENTS,
        is_sensitive=with_group,
    )


def cells(
    counted: Structure, prescribed: int, ages: Ages, with_group: bool
) -> tuple[str | int | None, ...]:
    """The cells after the number of prescribed posts; empty where nothing says what to count."""
    total = counted.people
    no_bands = ages.young_below is None or ages.middle_to is None
    bands = (counted.band_young, counted.band_middle, counted.band_senior)
    return (
        total,
        coefficient(total, prescribed),
        *share_cells(counted.women, total),
        *(share_cells(counted.minority, total) if with_group else (None, None)),
        *((None, None) if ages.age_below is None else share_cells(counted.young, total)),
        *((None, None, None) if no_bands else bands),
        counted.doctors,
        counted.masters,
        counted.bachelors,
        counted.theory_high,
        counted.theory_middle,
        counted.own,
        counted.elsewhere,
    )


def coefficient(people: int, prescribed: int) -> str:
    """People per prescribed post: "1,3"."""
    return formats.number(people / prescribed, 1) if prescribed else ""


def notes(whole: Structure, ages: Ages, as_of: dt.date, *, with_group: bool) -> tuple[str, ...]:
    """By what it was counted, and what files lack: a number is never read as all of them."""
    said = [f"Tính đến ngày {short_day(as_of)}."]
    if ages.young_below is None or ages.middle_to is None:
        said.append("Ba độ tuổi: chưa có căn cứ ở ngày này.")
    else:
        said.append(
            f"Ba độ tuổi: nhóm 1 dưới {ages.young_below}, nhóm 2 từ {ages.young_below}"
            f" đến {ages.middle_to}, nhóm 3 trên {ages.middle_to} tuổi."
        )
    if ages.age_below is None:
        said.append("Cán bộ trẻ: chưa có căn cứ ở ngày này.")
    else:
        said.append(f"Trẻ: dưới {ages.age_below} tuổi.")
    return (" ".join(said), *missing_note(whole, with_group=with_group))


def missing_note(whole: Structure, *, with_group: bool) -> list[str]:
    """What files lack, and the columns left empty."""
    lacking = [
        f"{words} của {number} người"
        for words, number in (
            ("ngày sinh", whole.unknown_age),
            ("giới tính", whole.unknown_sex),
            ("dân tộc", whole.unknown_group if with_group else 0),
            ("nơi công tác", whole.unknown_place),
        )
        if number
    ]
    said = [f"Chưa rõ, không tính vào cột nào: {'; '.join(lacking)}."] if lacking else []
    return said if with_group else [*said, "Cột dân tộc thiểu số để trống."]
