"""Biểu tổng hợp kết quả luân chuyển: the page of statistics on paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cadre_portal.templatetags import formats
from cadres.exports.papers import RIGHT_ALIGNED, Paper, PaperColumn, PaperRow, PaperTable
from cadres.papers import short_day
from cadres.policies import Actor
from rotation.contexts.statistics import (
    LABELS,
    Asked,
    age_keys,
    fulfilled_groups,
    group_keys,
    label_of,
)
from rotation.exports.parts import in_vietnamese, issued_head
from rotation.selectors.statistics import GROUP, Numbers, Turns, middle_months
from rotation.selectors.turns import TurnState

KEY = "rotation_results"


def _number(key: str, head: str, over: str = "", width: float = 18) -> PaperColumn:
    return PaperColumn(key=key, head=head, over=over, width=width, align=RIGHT_ALIGNED)


def _label(head: str) -> PaperColumn:
    return PaperColumn(key="label", head=head, width=90)


PLANNED_COLUMNS = (
    _label("Năm, cấp"),
    _number("send", "Chỉ tiêu", "Cử đi"),
    _number("sent", "Đã đi", "Cử đi"),
    _number("send_share", "%", "Cử đi"),
    _number("receive", "Chỉ tiêu", "Tiếp nhận"),
    _number("received", "Đã đến", "Tiếp nhận"),
    _number("receive_share", "%", "Tiếp nhận"),
    _number("declined", "Từ chối"),
)
WHO_COLUMNS = (
    _label("Nhóm"),
    _number("done", "Đã đi"),
    _number("share", "Tỷ lệ, %"),
    _number("away", "Đang đi"),
    _number("ended", "Đã kết thúc"),
    _number("declined", "Từ chối"),
)
OUTCOME_COLUMNS = (_label("Nội dung"), _number("count", "Số lượt"), _number("share", "Tỷ lệ, %"))
UNIT_COLUMNS = (
    _label("Đơn vị"),
    _number("sent", "Cử đi"),
    _number("received", "Nhận về"),
    _number("left", "Chỗ để trống"),
    _number("filled", "Đã có người"),
    _number("away", "Quy hoạch đang vắng"),
)
PLANNED, WHO = "A. Kế hoạch và thực hiện", "B. Người đi, người từ chối"
OUTCOMES, UNITS = "C. Thời gian, kết thúc, từ chối", "D. Theo đơn vị"
TABLES = (
    (PLANNED, PLANNED_COLUMNS),
    (WHO, WHO_COLUMNS),
    (OUTCOMES, OUTCOME_COLUMNS),
    (UNITS, UNIT_COLUMNS),
)


def results_paper(actor: Actor, numbers: Numbers, asked: Asked, *, with_group: bool) -> Paper:
    """The numbers of a period as tables; `with_group`: by ethnic group too."""
    turns = numbers.turns
    with in_vietnamese():
        tables = (
            PaperTable(columns=PLANNED_COLUMNS, rows=_planned(numbers), caption=PLANNED),
            PaperTable(
                columns=WHO_COLUMNS, rows=list(_who(turns, with_group=with_group)), caption=WHO
            ),
            PaperTable(columns=OUTCOME_COLUMNS, rows=list(_outcomes(turns)), caption=OUTCOMES),
            PaperTable(columns=UNIT_COLUMNS, rows=_units(numbers), caption=UNITS),
        )
        kind = label_of("hinh-thuc", asked.kind) if asked.kind else ""
    head, signature = issued_head(actor, asked.as_of)
    years = asked.years
    since = f"Từ năm {years.start} đến năm {years[-1]}" if len(years) > 1 else f"Năm {years.start}"
    return Paper(
        template=KEY,
        head=head,
        title="BIỂU TỔNG HỢP KẾT QUẢ LUÂN CHUYỂN, ĐIỀU ĐỘNG, BIỆT PHÁI",
        under_title=(since + (f" ({kind.lower()})" if kind else ""),),
        tables=tables,
        notes=_notes(numbers, asked, with_group=with_group),
        signature=signature,
        recipients=("- Lưu hồ sơ luân chuyển.",),
        is_sensitive=with_group,
    )


def _notes(numbers: Numbers, asked: Asked, *, with_group: bool) -> list[str]:
    notes = [
        f"Tính đến ngày {short_day(asked.as_of)}. Lượt tính vào năm bắt đầu đi, hoặc năm từ chối.",
        "Bảng A: chỉ tiêu theo quyết định gần nhất về kế hoạch năm; lượt đã bắt đầu của kế hoạch,"
        " và luân chuyển trong năm không thuộc kế hoạch nào. Quy hoạch đang vắng:"
        " người có tên trong quy hoạch của đơn vị, đang đi nơi khác ở ngày này.",
    ]
    if numbers.undated:
        notes.append(f"{numbers.undated} lượt từ chối không ghi ngày, không tính vào năm nào.")
    return notes if with_group else [*notes, "Không tổng hợp theo dân tộc."]


def _share(part: int, whole: int | None) -> str:
    share = formats.percent(part, whole) if whole else ""
    return share.replace(f"{formats.NBSP}%", "")


def _planned(numbers: Numbers) -> list[PaperRow]:
    rows: list[PaperRow] = []
    for label, lines in fulfilled_groups(numbers):
        rows.append(PaperRow(text=label))
        rows += [
            PaperRow(
                (
                    words,
                    each.send,
                    each.sent,
                    _share(each.sent, each.send),
                    each.receive,
                    each.received,
                    _share(each.received, each.receive),
                    each.declined,
                )
            )
            for words, each in lines
        ]
    return rows


def _who(turns: Turns, *, with_group: bool) -> Iterable[PaperRow]:
    groups: list[tuple[str, str, Sequence[tuple[str, str]]]] = [
        ("Theo hình thức", "hinh-thuc", _keys("hinh-thuc")),
        ("Theo cấp của nơi đến", "cap", _keys("cap")),
        ("Theo giới tính", "gioi-tinh", _keys("gioi-tinh")),
        ("Theo tuổi khi đi hoặc từ chối", "tuoi", age_keys()),
    ]
    if with_group:
        groups.append(("Theo dân tộc", GROUP, group_keys(turns)))
    for label, dimension, keys in groups:
        by_state = turns.tally(dimension, "trang-thai")
        done = turns.tally(dimension, "da-di")
        rows = [
            PaperRow(
                (
                    words,
                    done[key, "co"],
                    _share(done[key, "co"], sum(done.values())),
                    *(by_state[key, state] for state in TurnState.values),
                )
            )
            for key, words in keys
            if any(by_state[key, state] for state in TurnState.values)
        ]
        if rows:
            yield PaperRow(text=label)
            yield from rows


def _keys(dimension: str) -> list[tuple[str, str]]:
    return [(key, str(words)) for key, words in LABELS[dimension].items()]


def _outcomes(turns: Turns) -> Iterable[PaperRow]:
    middle = middle_months(turns.counted)
    of_middle = f" (ở giữa: {formats.number(middle)} tháng)" if middle is not None else ""
    for label, dimension in (
        (f"Đợt luân chuyển đã kết thúc, so với thời gian tối thiểu{of_middle}", "thoi-han"),
        ("Kết thúc trước thời gian tối thiểu vì", "ket-thuc-som"),
        ("Chức vụ sau khi kết thúc, so với chức vụ trước khi đi", "sau"),
        ("Nơi công tác sau khi kết thúc", "o-dau"),
        ("Xếp loại năm sau khi kết thúc", "xep-loai"),
        ("Lý do từ chối", "ly-do"),
    ):
        counts = turns.tally(dimension)
        total = sum(counts.values())
        if not total:
            continue
        yield PaperRow(text=label)
        for key, words in _keys(dimension):
            if counts[(key,)]:
                yield PaperRow((words, counts[(key,)], _share(counts[(key,)], total)))


def _units(numbers: Numbers) -> list[PaperRow]:
    cells: list[tuple[Any, ...]] = [
        (each.name, each.sent, each.received, len(each.left), each.filled, len(each.away))
        for each in sorted(numbers.units, key=lambda each: each.name)
    ]
    sums = ("Cộng", *(sum(row[place] for row in cells) for place in range(1, 5)), None)
    return [*(PaperRow(row) for row in cells), PaperRow(sums, "", True)]
