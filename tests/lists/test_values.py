"""Cells of every kind: dates, names, levels, grades, marks."""

from __future__ import annotations

import datetime as dt

import pytest

from cadres.choices import Degree, Grade, Theory
from cadres.lists.dates import Rules, is_american, read_date
from cadres.lists.headings import guesses
from cadres.lists.names import clean_name, looks_like_name
from cadres.lists.values import read_degree, read_ethnicity, read_grades, read_proposal, read_theory
from tests.lists.builders import TODAY

BIRTH = Rules(TODAY)


@pytest.mark.parametrize(
    ("cell", "date"),
    [
        ("15/8/1993", "1993-08-15"),
        ("15.8.1993", "1993-08-15"),
        ("15-8-93", "1993-08-15"),
        ("15 / 8 / 1993", "1993-08-15"),
        ("'15/08/1993", "1993-08-15"),
        ("15/08/1993 00:00:00", "1993-08-15"),
        ("15-thg 8-1993", "1993-08-15"),
        ("15-Aug-93", "1993-08-15"),
        ("ngày 15 tháng 8 năm 1993", "1993-08-15"),
        ("1993-08-15", "1993-08-15"),
        ("15081993", "1993-08-15"),
        (5081993.0, "1993-08-05"),
        (dt.datetime(1993, 8, 15, 0, 0), "1993-08-15"),
        (34196.0, "1993-08-15"),
        ("08/1993", "1993-08"),
        ("8-1993", "1993-08"),
        ("T8/1993", "1993-08"),
        ("tháng 8 năm 1993", "1993-08"),
        ("00/08/1993", "1993-08"),
        ("…/8/1993", "1993-08"),
        (8.1993, "1993-08"),
        (1.197, "1970-01"),
        ("10/65", "1965-10"),
        ("1993", "1993"),
        (1993.0, "1993"),
        ("Sinh năm 1993", "1993"),
        ("1993 (33 tuổi)", "1993"),
        ("00/00/1993", "1993"),
        ("5/6/05", "2005-06-05"),
        ("5/6/65", "1965-06-05"),
    ],
)
def test_dates(cell: object, date: str) -> None:
    found, fault = read_date(cell, BIRTH)
    assert (str(found), fault) == (date, None)


@pytest.mark.parametrize(
    ("cell", "code", "proposals"),
    [
        ("31/04/1983", "no_such_day", ("30/04/1983", "01/05/1983", "04/1983", "1983")),
        ("29/02/1981", "no_such_day", ("28/02/1981", "01/03/1981", "02/1981", "1981")),
        ("08/15/1993", "no_such_day", ("15/08/1993", "1993")),
        ("13/1993", "no_such_day", ("1993",)),
        ("15/8/2093", "in_future", ("15/08/1993",)),
        ("1893", "before_1900", ("1993",)),
        ("1O/1965", "not_a_date", ("10/1965", "1965")),
        ("15/81993", "not_a_date", ("15/08/1993",)),
        ("10/05", "ambiguous_date", ("10/2005", "2005")),
        ("15/8/20", "ambiguous_date", ("15/8/1920", "1920")),
        ("không nhớ", "not_a_date", ()),
        ("15/08/193", "not_a_date", ()),
        (True, "not_a_date", ()),
        (12.0, "ambiguous_date", ("1912",)),
    ],
)
def test_what_is_no_date(cell: object, code: str, proposals: tuple[str, ...]) -> None:
    found, fault = read_date(cell, BIRTH)
    assert found is None
    assert fault is not None
    assert fault.code == code
    assert [_same(p) for p in fault.proposals] == [_same(p) for p in proposals]
    for text in fault.proposals:
        assert read_date(text, BIRTH)[0] is not None


def _same(text: str) -> str:
    return "/".join(part.zfill(2) for part in text.split("/"))


def test_a_child_is_a_warning() -> None:
    found, fault = read_date("2015", BIRTH)
    assert str(found) == "2015"
    assert fault is not None
    assert fault.level == "warning"


def test_month_first_only_by_evidence() -> None:
    assert is_american(["08/15/1970", "01/02/1970", "12/31/80"])
    assert not is_american(["08/15/1970", "01/02/1970"])
    assert not is_american(["08/15/1970", "12/31/1980", "31/12/1980"])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("NGUYỄN VĂN AN", "Nguyễn Văn An"),
        ("nguyễn văn an", "Nguyễn Văn An"),
        ("Nguyễn Văn AN", "Nguyễn Văn An"),
        ("Nguyễn văn An", "Nguyễn Văn An"),
        ("1. Nguyễn Văn An", "Nguyễn Văn An"),
        ("Đ/c Nguyễn Văn An", "Nguyễn Văn An"),
        ("Đồng chí: Nguyễn Văn An", "Nguyễn Văn An"),
        ("ThS. Nguyễn Văn An*", "Nguyễn Văn An"),
        ("Nguyễn Văn An (Bí thư)", "Nguyễn Văn An"),
        ("H'HEN NIÊ", "H'Hen Niê"),
        ("K’BREU", "K’Breu"),
        ("Y BAN", "Y Ban"),
        ("LÝ A PÁO", "Lý A Páo"),
        ("Y Ñuôm Niê Kđăm", "Y Ñuôm Niê Kđăm"),
        ("RCOM SA DUYÊN", "Rcom Sa Duyên"),
        ("Nguyễn Văn A", "Nguyễn Văn A"),
    ],
)
def test_names(text: str, name: str) -> None:
    assert clean_name(text).text == name
    assert looks_like_name(text)


def test_forms_of_address_tell_the_sex() -> None:
    assert clean_name("Bà Lò Thị Duyên").sex == "female"
    assert clean_name("Ông Trần Văn An").sex == "male"
    assert clean_name("Ông Ích Khiêm", has_address=False).text == "Ông Ích Khiêm"
    assert clean_name("Trần Thị An (nữ)").sex == "female"


@pytest.mark.parametrize(
    "text",
    [
        "I. Giám đốc",
        "Sở Nội vụ",
        "BÍ THƯ",
        "Hội Nông dân",
        "Ban Thường vụ",
        "Xã Hồng Việt",
        "12",
        "…",
    ],
)
def test_what_is_no_name(text: str) -> None:
    assert not looks_like_name(text)


@pytest.mark.parametrize(
    ("text", "degree"),
    [
        ("Thạc sĩ Luật", Degree.MASTER),
        ("ThS", Degree.MASTER),
        ("TS. Y học", Degree.DOCTOR),
        ("Kỹ sư Lâm nghiệp", Degree.BACHELOR),
        ("ĐH Luật; ThS QTKD", Degree.MASTER),
        ("ĐH Luật, đang học thạc sĩ", Degree.BACHELOR),
        ("CĐ", Degree.COLLEGE),
        ("Dược sĩ trung cấp", Degree.INTERMEDIATE),
        ("TC", Degree.INTERMEDIATE),
        ("Chưa qua đào tạo", Degree.NONE),
        ("12/12", None),
        ("BSCKII", None),
        ("Luật", None),
    ],
)
def test_degrees(text: str, degree: Degree | None) -> None:
    assert read_degree(text) == degree


@pytest.mark.parametrize(
    ("text", "theory"),
    [
        ("Cao cấp LLCT", Theory.ADVANCED),
        ("CN", Theory.BACHELOR),
        ("TC", Theory.INTERMEDIATE),
        ("SC", Theory.ELEMENTARY),
        ("TCLLCT-HC", Theory.INTERMEDIATE),
        ("Chưa", Theory.NONE),
        ("Đang học cao cấp", None),
    ],
)
def test_theories(text: str, theory: Theory | None) -> None:
    assert read_theory(text) == theory


@pytest.mark.parametrize(
    ("text", "years", "expected"),
    [
        ("HTTNV; HTTNV; HTXSNV", (), [(None, 3), (None, 3), (None, 4)]),
        ("HTTNV/HTXSNV/HTNV", (2023, 2024, 2025), [(2023, 3), (2024, 4), (2025, 2)]),
        ("Tốt, XS, Tốt", (), [(None, 3), (None, 4), (None, 3)]),
        ("HTXSNV 2023", (), [(2023, 4)]),
        ("2022: HTXSNV; 2023: KHTNV", (), [(2022, 4), (2023, 1)]),
        ("2022, 2023: HTTNV; 2024 HTXSNV", (), [(2022, 3), (2023, 3), (2024, 4)]),
        ("Hoàn thành tốt nhiệm vụ", (2024,), [(2024, 3)]),
        ("?", (), [(None, None)]),
    ],
)
def test_grades(text: str, years: tuple[int, ...], expected: list[object]) -> None:
    assert [(grade.year, grade.grade) for grade in read_grades(text, years)] == expected
    assert Grade.HTXSNV == 4


def test_small_lists() -> None:
    assert [read_ethnicity(t) for t in ("Tày", "H'Mông", "Êđê", "Kinh", "01", "?")] == [
        "02", "08", "12", "01", "01", None,
    ]  # fmt: skip
    assert [read_proposal(t) for t in ("Bổ sung", "Đưa ra", "Chuyển tiếp", "Khác")] == [
        "supplement", "removal", "carry_over", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        (("Họ, chữ đệm và tên khai sinh",), "full_name"),
        (("Họ và tên đ/c",), "full_name"),
        (("Họ tên vợ",), None),
        (("Ngày sinh", "Nữ"), "birth_date_female"),
        (("Năm sinh", "Năm"), "birth_year"),
        (("Ngay sinh", "Nam"), "birth_date_male"),
        (("Chức vụ, đơn vị công tác",), "title_text"),
        (("Chức vụ Đảng",), "title_text"),
        (("Phụ cấp chức vụ",), None),
        (("Ngày bổ nhiệm chức vụ hiện tại",), None),
        (("Chức danh đề xuất quy hoạch",), "planned_title_text"),
        (("Chức danh QH",), "planned_title_text"),
        (("Quy hoạch", "Chức danh"), "planned_title_text"),
        (("TĐCM",), "degree_text"),
        (("Trình độ", "CM"), "degree_text"),
        (("Trình độ", "QLNN"), None),
        (("Trình độ LLCT",), "theory_text"),
        (("Kết quả xếp loại năm 2023",), "grades"),
        (("Tiếng dân tộc",), None),
        (("Nơi sinh",), None),
        (("Số hiệu",), "code"),
        (("Số CCCD",), None),
        (("Ngày vào Đảng", "Chính thức"), None),
        (("Họ và tênn",), "full_name"),
    ],
)
def test_headings(heading: tuple[str, ...], field: str | None) -> None:
    found = guesses(heading)
    assert (found[0].field if found else None) == field
