"""Random people in random layouts, encodings and date formats read back as the same people."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.lists.builders import in_legacy, reading, text_file, xlsx

NAMES = """Triệu Mùi Mẩy|Bế Quang Minh|Nông Văn Hùng|Hà Ngọc Khánh|Lò Thị Duyên|Chi Văn Lâm
|Vàng Mí Sính|Đặng Thị Hồng Nhung|Giàng Thị Mỷ|Lý A Páo
|Phùng Chá Dế|Lục Thị Thơm|Nguyễn Tổng Hợp|Trần Thị Phòng
|Đoàn Văn Hội|Tống Công Minh|Lê Nữ Quý|Hoàng Trung Cộng""".replace("\n", "").split("|")
TITLES = [
    "Giám đốc",
    "Phó Giám đốc",
    "Trưởng phòng",
    "Chủ tịch HĐND",
    "Bí thư Đảng ủy",
    "Chánh Văn phòng",
]
DEGREES = ["Thạc sĩ Luật", "Đại học", "Kỹ sư Lâm nghiệp", "Cử nhân Kinh tế", "Cao đẳng", ""]
THEORIES = ["Cao cấp", "Trung cấp", "Sơ cấp", "Cử nhân", ""]
UNITS = ["Sở Nội vụ", "Sở Tư pháp", "Thanh tra tỉnh", "Xã Bạch Đằng", "Ban Tổ chức Tỉnh ủy"]
HEADINGS = {
    "number": ["TT", "STT", "Số TT"],
    "name": ["Họ và tên", "Họ tên", "Họ, tên cán bộ", "Họ và tên khai sinh"],
    "sex": ["Giới tính", "Nam/Nữ", "Nam, nữ"],
    "birth": ["Ngày sinh", "Năm sinh", "Ngày, tháng, năm sinh", "Sinh ngày"],
    "title": ["Chức vụ", "Chức vụ hiện nay", "Chức danh đang giữ", "Chức vụ, đơn vị công tác"],
    "degree": ["Trình độ chuyên môn", "Chuyên môn", "TĐCM"],
    "theory": ["Lý luận chính trị", "Trình độ LLCT", "LLCT"],
    "plan": ["Chức danh quy hoạch", "Chức danh đề xuất quy hoạch"],
    "note": ["Ghi chú"],
}


@dataclass(frozen=True)
class Born:
    """A date with what is known of it."""

    day: dt.date
    known: str

    def __str__(self) -> str:
        return {"day": f"{self.day}", "month": f"{self.day:%Y-%m}", "year": f"{self.day:%Y}"}[
            self.known
        ]


births = st.builds(
    Born,
    st.dates(dt.date(1960, 1, 1), dt.date(2000, 12, 31)),
    st.sampled_from(["day", "day", "month", "year"]),
)
person = st.fixed_dictionaries(
    {
        "name": st.sampled_from(NAMES),
        "sex": st.sampled_from(["male", "female"]),
        "birth": births,
        "title": st.sampled_from(TITLES),
        "degree": st.sampled_from(DEGREES),
        "theory": st.sampled_from(THEORIES),
    }
)


@st.composite
def layouts(draw: Any) -> dict[str, Any]:
    """How an office might set its list."""
    middle = draw(st.permutations(["sex", "birth", "title", "degree", "theory"]))
    extra = draw(st.sets(st.sampled_from(["plan", "note"])))
    return {
        "columns": ["number", "name", *middle, *sorted(extra)],
        "headings": {key: draw(st.sampled_from(texts)) for key, texts in HEADINGS.items()},
        "sexes": draw(st.sampled_from(["word", "births", "marks"])),
        "capitals": draw(st.booleans()),
        "upper_names": draw(st.booleans()),
        "has_number_row": draw(st.booleans()),
        "captions": draw(st.integers(0, 4)),
        "groups": draw(st.sampled_from(["none", "first", "name"])),
        "footer": draw(st.booleans()),
        "repeats": draw(st.booleans()),
        "date_style": draw(
            st.sampled_from(["{d:02}/{m:02}/{y}", "{d}.{m}.{y}", "{d}-{m}-{y}", "cell"])
        ),
        "file": draw(st.sampled_from(["xlsx", "xlsx unmerged", "csv", "csv tcvn3", "csv vni"])),
    }


def shown_birth(born: Born, style: str) -> Any:
    day = born.day
    if born.known == "year":
        return day.year
    if born.known == "month":
        return f"{day.month:02}/{day.year}" if "/" in style else f"{day.month}-{day.year}"
    return day if style == "cell" else style.format(d=day.day, m=day.month, y=day.year)


def heading_rows(layout: dict[str, Any]) -> tuple[list[list[str]], list[tuple[int, int, int]]]:
    """Two rows of headings, and (row, first, last column) of what spans columns."""
    upper: list[str] = []
    lower: list[str] = []
    spans = []
    for key in layout["columns"]:
        text = layout["headings"][key]
        text = text.upper() if layout["capitals"] else text
        is_pair = (key == "birth" and layout["sexes"] == "births") or (
            key == "sex" and layout["sexes"] == "marks"
        )
        if key == "sex" and layout["sexes"] == "births":
            continue
        if is_pair:
            spans.append((0, len(upper), len(upper) + 1))
            upper += ["Giới tính" if key == "sex" else text, ""]
            lower += ["Nam", "Nữ"]
        else:
            upper.append(text)
            lower.append("")
    return ([upper, lower] if any(lower) else [upper]), spans


def cells(number: int, one: dict[str, Any], layout: dict[str, Any]) -> list[Any]:
    row: list[Any] = []
    pair = (0, 1) if one["sex"] == "male" else (1, 0)
    for key in layout["columns"]:
        birth = shown_birth(one["birth"], layout["date_style"])
        if key == "number":
            row.append(number)
        elif key == "name":
            row.append(one["name"].upper() if layout["upper_names"] else one["name"])
        elif key == "sex":
            if layout["sexes"] == "word":
                row.append("Nam" if one["sex"] == "male" else "Nữ")
            elif layout["sexes"] == "marks":
                row += ["x" if not empty else "" for empty in pair]
        elif key == "birth" and layout["sexes"] == "births":
            row += [birth if not empty else "" for empty in pair]
        else:
            row.append({"birth": birth, "plan": "Giám đốc", "note": ""}.get(key, one.get(key)))
    return row


def render(groups: list[list[dict[str, Any]]], layout: dict[str, Any]) -> tuple[bytes, list[Any]]:
    """The file, and the people with their rows."""
    rows: list[list[Any]] = [
        ["PHỤ LỤC 2"],
        ["DANH SÁCH QUY HOẠCH CÁN BỘ"],
        ["(Kèm theo Tờ trình)"],
        [],
    ]
    rows = rows[: layout["captions"]]
    heads, spans = heading_rows(layout)
    width = len(heads[0])
    merges = [
        f"{_letter(first)}{len(rows) + 1 + row}:{_letter(last)}{len(rows) + 1 + row}"
        for row, first, last in spans
    ]
    rows += heads
    if layout["has_number_row"]:
        rows.append([str(n + 1) for n in range(width)])
    expected = []
    for place, group in enumerate(groups):
        unit = f"{'I' * (place + 1)}. {UNITS[place]}"
        if layout["groups"] != "none":
            rows.append([unit] if layout["groups"] == "first" else ["", unit])
        if layout["repeats"] and place:
            rows += heads
        for number, one in enumerate(group, start=1):
            rows.append(cells(number, one, layout))
            expected.append((len(rows), one))
    if layout["footer"]:
        rows += [
            ["", "Tổng cộng: 5 người"],
            [],
            ["", "NGƯỜI LẬP BIỂU", "", "", "Ngày 05 tháng 3 năm 2026"],
        ]
        rows += [[], ["", "Nông Thị Bích Liên", "", "", "Hoàng Đức Thắng"]]
    return _file(rows, merges, layout), expected


def _letter(index: int) -> str:
    return chr(ord("A") + index)


def _file(rows: list[list[Any]], merges: list[str], layout: dict[str, Any]) -> bytes:
    kind = layout["file"]
    if kind.startswith("xlsx"):
        return xlsx(rows, merges if kind == "xlsx" else ())
    text = text_file(rows)
    _csv, _space, encoding = kind.partition(" ")
    return in_legacy(text, encoding).encode("latin-1") if encoding else text.encode()


@settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(
    groups=st.lists(st.lists(person, min_size=2, max_size=5), min_size=1, max_size=3),
    layout=layouts(),
)
def test_the_same_people_come_back(
    groups: list[list[dict[str, Any]]], layout: dict[str, Any]
) -> None:
    data, expected = render(groups, layout)
    found = reading(data)
    assert [tuple(p.as_json().values()) for p in found.people] == [
        (
            row,
            one["name"],
            one["sex"],
            str(one["birth"]),
            one["title"],
            one["degree"] or None,
            one["theory"] or None,
        )
        for row, one in expected
    ]
    assert {p.code for p in found.problems} <= {"converted", "twin"}
