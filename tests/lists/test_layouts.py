"""Eighty layouts of offices' lists, each read as it is meant; the API around the reading."""

from __future__ import annotations

import datetime as dt

import pytest

from cadres.lists import Field, Level, Person, RowKind, parse_value
from tests.lists.builders import TODAY, codes, people, reading, text_file, xlsx
from tests.lists.layouts import LAYOUTS


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout(name: str) -> None:
    layout = LAYOUTS[name]
    assert people(xlsx(layout.rows, layout.merges)) == layout.people


@pytest.mark.parametrize(
    "name", [name for name, layout in LAYOUTS.items() if not layout.merges and "floats" not in name]
)
def test_layout_as_text_file(name: str) -> None:
    layout = LAYOUTS[name]
    assert people(text_file(layout.rows).encode()) == layout.people


def person_of(name: str, place: int = 0) -> Person:
    layout = LAYOUTS[name]
    return reading(xlsx(layout.rows, layout.merges)).people[place]


def test_groups_are_the_context_of_people() -> None:
    person = person_of("three-row", 1)
    assert [(g.text, g.depth, g.kind) for g in person.groups] == [
        ("KHỐI ĐẢNG", 1, "unit"),
        ("Ban Tổ chức Tỉnh ủy", 2, "unit"),
    ]
    assert person.get("unit_text") == "Ban Tổ chức Tỉnh ủy"
    assert person.values["unit_text"].is_inferred
    assert person_of("three-row", 3).groups[0].text == "KHỐI CHÍNH QUYỀN"


def test_groups_of_titles_are_those_planned_for() -> None:
    person = person_of("group counts text")
    assert person.get("planned_title_text") == "Giám đốc"
    assert person_of("group as text in A merged", 1).get("planned_title_text") is None


def test_merged_units_belong_to_each_person() -> None:
    assert person_of("unit col merged", 2).get("unit_text") == "Sở Nội vụ"


def test_further_fields() -> None:
    person = person_of("current title vs plan")
    assert person.get("planned_title_text") == "Giám đốc"
    assert person.get("native_place") == "Xã X, Cao Bằng"
    assert str(person.get("party_joined_on")) == "2005-02-03"
    assert [(g.year, g.grade) for g in person.get("grades")] == [(2023, 3), (2024, 4)]
    person = person_of("reserve cols")
    assert person.get("ethnicity") == "02"
    assert [g.year for g in person.get("grades")] == [2023, 2024, 2025]
    assert (person.get("degree"), person.get("theory")) == (3, 3)


def test_every_row_has_its_kind() -> None:
    layout = LAYOUTS["three-row"]
    kinds = [row.kind for row in reading(xlsx(layout.rows, layout.merges)).rows]
    h, g, p = RowKind.HEADER, RowKind.GROUP, RowKind.PERSON
    assert kinds == [h, h, h, h, g, g, p, p, g, p, g, g, p, RowKind.TOTAL, *[RowKind.FOOTER] * 2]


def test_what_must_not_be_kept_is_not_shown() -> None:
    layout = LAYOUTS["three-row"]
    found = reading(xlsx(layout.rows, layout.merges))
    column = found.columns[9]
    assert (column.title, column.is_withheld, column.field) == ("Số CCCD", True, None)
    assert column.samples == ()
    assert "004070000123" not in repr(found)


def test_cells_of_the_grid() -> None:
    found = reading(xlsx(LAYOUTS["bad dates"].rows))
    row = found.rows[1]
    assert [(c.name, c.text) for c in found.cells(row)][3] == ("D2", "31/04/1983")
    assert found.person_at(2) is found.people[0]
    assert found.person_at(1) is None


def test_impossible_dates_are_problems_with_proposals() -> None:
    found = reading(xlsx(LAYOUTS["bad dates"].rows))
    assert codes(found) == [("no_such_day", "D2"), ("in_future", "D3"), ("before_1900", "D4")]
    problem = found.problems[0]
    assert [p.text for p in problem.proposals] == ["30/04/1983", "01/05/1983", "04/1983", "1983"]
    assert problem.level is Level.ERROR
    assert found.as_json()["problems"][0] == {
        "row": 2,
        "column": "D",
        "message": "“31/04/1983” không có trong lịch. Hãy chọn hoặc nhập ngày đúng.",
    }


def test_both_sexes_filled_is_a_problem() -> None:
    layout = LAYOUTS["both filled"]
    found = reading(xlsx(layout.rows, layout.merges))
    assert codes(found) == [("both_sexes", "D3"), ("two_births", "D4"), ("both_sexes", "D4")]


def test_twins_are_noted() -> None:
    rows = [["TT", "Họ và tên", "Năm sinh"], [1, "Lê Văn An", 1980], [2, "Lê Văn An", 1980]]
    assert codes(reading(xlsx(rows))) == [("twin", "B3")]


def test_a_further_list_is_read_and_told() -> None:
    found = reading(xlsx(LAYOUTS["second header differs"].rows))
    assert codes(found) == [("further_list", None)]


def test_swapped_dates_are_suspected() -> None:
    rows: list[list[object]] = [["TT", "Họ và tên", "Ngày sinh", "Chức vụ"]]
    for day in range(1, 8):
        rows.append([day, f"Lê Văn {chr(64 + day)}", dt.date(1980, 3, day), "GĐ"])
    for day in range(20, 25):
        rows.append([day, f"Vi Văn {chr(45 + day)}", f"{day}/03/1980", "GĐ"])
    assert codes(reading(xlsx(rows))) == [("swapped_dates", None)]
    assert codes(reading(xlsx([*rows, [9, "Lê Văn Z", "05/03/1980", "GĐ"]]))) == []


def test_nobody_without_name() -> None:
    rows = [["TT", "Họ và tên", "Năm sinh"], [1, "Lê Văn An", 1980], [2, "", 1981]]
    assert codes(reading(xlsx(rows))) == [("no_name", None)]


ROWS = [
    ["A", "B", "C", "D"],
    ["1", "Lê Văn An", "02/03/1980", "Trưởng phòng"],
    ["2", "Trần Thị Bình", "1981", "Phó Trưởng phòng"],
]


def test_without_header_the_sheet_is_still_shown() -> None:
    found = reading(xlsx(ROWS))
    assert found.fault is not None
    assert found.fault.code == "no_header"
    assert [row.texts for row in found.rows] == [tuple(row) for row in ROWS]
    assert found.people == ()


def test_a_person_points_at_header_and_columns() -> None:
    mapping = {"B": "full_name", "C": "birth_date", "D": "title_text"}
    found = reading(xlsx(ROWS), header=(1, 1), mapping=mapping)
    assert found.fault is None
    assert [tuple(p.as_json().values())[:5] for p in found.people] == [
        (2, "Lê Văn An", None, "1980-03-02", "Trưởng phòng"),
        (3, "Trần Thị Bình", None, "1981", "Phó Trưởng phòng"),
    ]
    assert [c.confidence for c in found.columns] == [0.0, 1.0, 1.0, 1.0]


def test_no_column_of_names() -> None:
    rows = [["TT", "Đơn vị", "Ngày sinh", "Chức vụ", "LLCT"], [1, "Sở Y tế", 1970, "GĐ", "CC"]]
    found = reading(xlsx(rows))
    assert found.fault is not None
    assert found.fault.code == "no_name_column"
    assert "dòng 1" in found.fault.message


def test_mapping_of_a_person_wins() -> None:
    layout = LAYOUTS["two title cols"]
    decided = {"E": None, "D": "title_text", "F": "note"}
    found = reading(xlsx(layout.rows), mapping=decided)
    assert found.people[0].get("title_text") == "ĐUV"
    assert found.people[0].get("note") == "GĐ"
    assert found.people[0].get("planned_title_text") is None
    assert "E" not in found.mapping


def test_signature_is_that_of_the_headings() -> None:
    one = [["TT", "Họ và tên", "Năm sinh"], [1, "Lê Văn An", 1980]]
    same = [["BIỂU 1"], ["Tt", "HỌ VÀ TÊN ", "Năm  sinh"], [7, "Vi Thị Hoa", 1990]]
    other = [["TT", "Họ tên", "Năm sinh"], [1, "Lê Văn An", 1980]]
    first, second, third = (reading(xlsx(rows)).signature for rows in (one, same, other))
    assert first == second != third


def test_edits_are_read_like_cells() -> None:
    rows = LAYOUTS["bad dates"].rows
    found = reading(xlsx(rows), sheet="Sheet", edits={(2, "D"): "30/04/1983"})
    assert str(found.people[0].get("birth_date")) == "1983-04-30"
    assert codes(found) == [("in_future", "D3"), ("before_1900", "D4")]


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("birth_date", "30/04/1983", "1983-04-30"),
        ("birth_date", "4-1983", "1983-04"),
        ("birth_date", "31/04/1983", "None"),
        ("sex", "Nữ", "female"),
        ("full_name", "đ/c NGUYỄN VĂN A", "Nguyễn Văn A"),
        ("degree", "ThS Luật", "4"),
        ("degree", "3", "3"),
        ("theory", "CC", "3"),
        ("ethnicity", "H'Mông", "08"),
        ("proposal", "Đưa ra khỏi quy hoạch", "removal"),
        ("title_text", " Phó  Giám đốc", "Phó Giám đốc"),
        ("title_text", "", "None"),
        ("party_joined_on", "3/2/05", "2005-02-03"),
    ],
)
def test_one_corrected_cell(field: str, text: str, value: str) -> None:
    found = parse_value(field, text, row=7, column="C", today=TODAY)
    assert str(found.value) == value
    assert (found.row, found.cell) == (7, "C7")
    assert bool(found.problems) == (text == "31/04/1983")


def test_every_field_has_a_label() -> None:
    assert all(str(field.label) for field in Field)
