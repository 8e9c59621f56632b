"""Grades pasted from Excel or read from one unit's sheet: matching, problems with their cells."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cadre_portal.common import clock
from cadres.choices import Grade
from cadres.grade_lists import grade_of, read_grades, rows_of_file, rows_of_text
from cadres.models import Cadre, Evaluation, User
from tests import factories
from tests.cast import Organisation

Browser = Callable[[User], Client]
URL = "/danh-gia/SNV/nhap/?nam=2025"


@pytest.fixture(autouse=True)
def _today() -> Any:
    with clock.frozen(dt.date(2026, 11, 22)):
        yield


def person(pk: int, code: str, name: str, born: dt.date | None = None) -> Cadre:
    return Cadre(
        pk=pk, code=code, full_name=name, birth_date=born, birth_precision="day" if born else ""
    )


PEOPLE = [
    person(1, "CB-1", "Nông Thị Ánh", dt.date(1980, 3, 2)),
    person(2, "CB-2", "Hoàng Văn Bé", dt.date(1975, 1, 15)),
    person(3, "CB-3", "Hoàng Văn Bé", dt.date(1982, 10, 9)),
]


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("HTXSNV", Grade.HTXSNV),
        ("Hoàn thành xuất sắc nhiệm vụ", Grade.HTXSNV),
        ("xuat sac", Grade.HTXSNV),
        ("Tốt", Grade.HTTNV),
        ("HOÀN THÀNH TỐT", Grade.HTTNV),
        ("Hoàn thành nhiệm vụ", Grade.HTNV),
        ("Không hoàn thành nhiệm vụ", Grade.KHTNV),
        ("Khá", None),
        ("", None),
        ("1", None),
    ],
)
def test_grades_in_many_spellings(text: str, grade: Grade | None) -> None:
    assert grade_of(text) == grade


def test_columns_are_found_by_head_or_content() -> None:
    with_head = rows_of_text("STT\tHọ và tên\tXếp loại\n1\tNông Thị Ánh\tTốt\n")
    without = rows_of_text("tốt\tNONG THI ANH")
    by_code = rows_of_text("CB-1;Hoàn thành tốt nhiệm vụ")
    for rows in (with_head, without, by_code):
        reading = read_grades(rows, PEOPLE)
        assert (reading.grades, reading.problems) == ({1: Grade.HTTNV}, [])


def test_namesakes_need_a_birth_date_or_a_code() -> None:
    doubtful = read_grades(rows_of_text("Họ tên\tXếp loại\nHoàng Văn Bé\tTốt"), PEOPLE)
    assert [(p.ref, p.message) for p in doubtful.problems] == [
        ("A2", "Có 2 người tên Hoàng Văn Bé. Hãy ghi thêm ngày sinh hoặc số hiệu.")
    ]
    for birth in ("1982", "10/1982", "09/10/1982"):
        sure = read_grades(
            rows_of_text(f"Họ tên\tNgày sinh\tXếp loại\nHoàng Văn Bé\t{birth}\tTốt"), PEOPLE
        )
        assert (sure.grades, sure.problems) == ({3: Grade.HTTNV}, [])
    wrong = read_grades(
        rows_of_text("Họ tên\tNgày sinh\tXếp loại\nHoàng Văn Bé\t1990\tTốt"), PEOPLE
    )
    assert "không khớp" in wrong.problems[0].message


def test_every_problem_has_its_cell() -> None:
    text = (
        "Số hiệu\tHọ tên\tXếp loại\n"
        "CB-9\tNgười Lạ\tTốt\n"
        "CB-1\tHoàng Văn Bé\tTốt\n"
        "CB-2\tHoàng Văn Bé\tKhá\n"
        "CB-3\tHoàng Văn Bé\tTốt\n"
        "CB-3\tHoàng Văn Bé\tTốt\n"
        "CB-1\tNông Thị Ánh\t\n"
        "\tThủ trưởng đơn vị\t\n"
    )
    reading = read_grades(rows_of_text(text), PEOPLE)
    assert [problem.ref for problem in reading.problems] == ["A2", "A3", "C4", "B6"]
    assert "“Khá” không phải" in reading.problems[2].message
    assert "đã có ở dòng 5" in reading.problems[3].message
    assert (reading.grades, reading.blank) == ({3: Grade.HTTNV}, 1)


@pytest.mark.parametrize("text", ["chỉ là một câu", "\t\t\n", "Nông Thị Ánh"])
def test_what_is_no_list_is_said(text: str) -> None:
    reading = read_grades(rows_of_text(text), PEOPLE)
    assert "Không thấy cột người" in reading.problems[0].message


def workbook(rows: list[list[Any]]) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    page = book.add_worksheet()
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    return file.getvalue()


def test_a_sheet_with_titles_above() -> None:
    rows = rows_of_file(
        workbook(
            [
                ["SỞ NỘI VỤ"],
                ["KẾT QUẢ XẾP LOẠI NĂM 2025"],
                ["STT", "Họ và tên", "Năm sinh", "Kết quả xếp loại"],
                [1, "Nông Thị Ánh", 1980, "HTXSNV"],
                [2, "Hoàng Văn Bé", 1975.0, "HTTNV"],
            ]
        )
    )
    reading = read_grades(rows, PEOPLE)
    assert reading.problems == []
    assert reading.grades == {1: Grade.HTXSNV, 2: Grade.HTTNV}


# ---- In the browser ----------------------------------------------------------------------------


def test_a_list_becomes_the_grid_and_nothing_is_written(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    browser = signed_in(unit_officer)
    page = browser.post(URL, {"dan": "Nông Thị Ánh\tHoàn thành tốt"}).content.decode()
    assert "Đã đọc xếp loại của 1 người" in page
    assert "đang lưu: chưa xếp loại" in page
    assert 'value="HTTNV" data-keys="2t" selected' in page
    assert not Evaluation.objects.exists()


def test_one_wrong_cell_and_nothing_comes_into_the_grid(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    other = factories.AppointmentFactory(
        unit=organisation.department, title=organisation.deputy
    ).cadre
    text = f"CB-NV\tTốt\n{other.code}\tKhá"
    response = signed_in(unit_officer).post(URL, {"dan": text})
    assert response.status_code == 422
    page = response.content.decode()
    assert "B2" in page
    assert "data-grades" not in page


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7 khong phai bang tinh", "Không đọc được tệp"),
        (workbook([["a", "b"]]), "Không thấy cột người"),
    ],
)
def test_files_that_are_no_list(
    data: bytes,
    said: str,
    organisation: Organisation,
    unit_officer: User,
    signed_in: Browser,
) -> None:
    response = signed_in(unit_officer).post(URL, {"tep": SimpleUploadedFile("x.xlsx", data)})
    assert response.status_code == 422
    assert said in response.content.decode()


def test_an_upload_is_read(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    data = workbook([["Số hiệu", "Xếp loại"], ["CB-NV", "HTNV"]])
    response = signed_in(unit_officer).post(URL, {"tep": SimpleUploadedFile("x.xlsx", data)})
    assert "Đã đọc xếp loại của 1 người" in response.content.decode()


def test_names_of_others_are_not_told(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    """A code of another unit is answered as one that does not exist."""
    texts = []
    for code in ("CB-YT", "CB-XX"):
        page = signed_in(unit_officer).post(URL, {"dan": f"{code}\tTốt"}).content.decode()
        assert "Lý Thị Đào" not in page
        texts.append(page.split("</thead>")[1].split("</table>")[0].replace(code, "?"))
    assert texts[0] == texts[1]
