"""Sheets of findings and of the law: cells, safety, the record that each leaves."""

import datetime as dt
import hashlib
import io
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadres.models import ExportRecord, User
from compliance.exports.sheets import Column, Sheet, guarded, write_file
from compliance.law import load_law
from compliance.models import ComplianceRun
from tests import factories
from tests.cast import Organisation

FINDINGS = reverse("compliance:finding-export")
LAW = reverse("compliance:law-export")
REVIEW = "planning.annual_review"
SignIn = Callable[[User], Client]


def taken(client: Client, url: str, **query: str) -> tuple[bytes, openpyxl.Workbook]:
    """The file and what is in it."""
    response = client.get(url, query)
    assert response.status_code == 200
    content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    for close in response._resource_closers:  # the client hands the stream on unclosed
        close()
    return content, openpyxl.load_workbook(io.BytesIO(content))


def rows_of(book: openpyxl.Workbook) -> list[dict[str, Any]]:
    heads, *rows = book.worksheets[0].iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_it_takes_what_is_filtered(
    checked: Organisation, provincial_officer: User, signed_in: SignIn
) -> None:
    _, book = taken(
        signed_in(provincial_officer), FINDINGS, **{"tieu-chi": REVIEW, "don-vi": "SNV"}
    )
    assert rows_of(book) == [
        {
            "Kết quả": "Chưa đạt",
            "Tiêu chí": "Rà soát hằng năm",
            "Mã tiêu chí": REVIEW,
            "Đối tượng": "Kế hoạch",
            "Mã đơn vị": "SNV",
            "Đơn vị": "Sở Nội vụ",
            "Cấp": "Cấp tỉnh",
            "Nhiệm kỳ": "2025-2030",
            "Mã chức danh": None,
            "Chức danh": None,
            "Mã cán bộ": None,
            "Họ và tên": None,
            "Năm xếp loại": None,
            "Bắt đầu từ": None,
            "Số đo, yêu cầu, việc cần làm": "Lần phê duyệt hoặc rà soát gần nhất cách 18 tháng,"
            " nhiều nhất 12 tháng. Cần rà soát ngay, đã quá 6 tháng.",
            "Căn cứ": "377-QĐ/TW (2025)",
            "Mức chắc chắn": "đã đối chiếu",
            "Chưa đạt, chưa rõ từ ngày": dt.datetime(2026, 11, 22),
            "Miễn áp dụng theo": None,
            "Miễn đến hết ngày": None,
        }
    ]
    page = book.worksheets[0]
    assert page.freeze_panes == "A2"
    assert page["R2"].number_format == "dd/mm/yyyy"


def test_it_says_what_it_is(
    checked: Organisation, provincial_officer: User, signed_in: SignIn
) -> None:
    _, book = taken(signed_in(provincial_officer), FINDINGS, **{"don-vi": "SNV", "tim": "so noi"})
    about = dict(book["Thông tin"].iter_rows(values_only=True))
    assert about["Ngày xét"] == dt.datetime(2026, 11, 22)
    assert about["Nguồn"] == "Hiện trạng hôm nay"
    assert about["Bộ lọc"] == (
        "Kết quả: Chưa đạt; Tên đơn vị hoặc người: so noi; Đơn vị và cấp dưới: Sở Nội vụ"
    )
    assert about["Mã bộ căn cứ"] == load_law().fingerprint
    assert about["Người xuất"] == str(provincial_officer)
    assert about["Số dòng"] == 2


def test_it_leaves_a_record(
    checked: Organisation, provincial_officer: User, signed_in: SignIn
) -> None:
    content, _ = taken(signed_in(provincial_officer), FINDINGS, **{"don-vi": "SNV"})
    record = ExportRecord.objects.get()
    assert record.actor == provincial_officer
    assert (record.what, record.filters, record.rows) == ("findings", {"don-vi": "SNV"}, 2)
    assert record.as_of == dt.date(2026, 11, 22)
    assert record.sha256 == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("change", ["rows = 0", "DELETE"])
def test_a_record_stays_as_it_is(
    checked: Organisation, provincial_officer: User, signed_in: SignIn, change: str
) -> None:
    taken(signed_in(provincial_officer), FINDINGS)
    sql = (
        "DELETE FROM cadres_exportrecord"
        if change == "DELETE"
        else f"UPDATE cadres_exportrecord SET {change}"
    )
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert ExportRecord.objects.exists()


def test_it_keeps_to_the_scope(
    checked: Organisation, unit_officer: User, stranger: User, signed_in: SignIn
) -> None:
    _, book = taken(signed_in(unit_officer), FINDINGS, **{"ket-qua": "all"})
    assert {row["Mã đơn vị"] for row in rows_of(book)} == {"SNV", "SNV-LT"}
    assert signed_in(unit_officer).get(FINDINGS, {"don-vi": "SYT"}).status_code == 404
    assert signed_in(stranger).get(FINDINGS).status_code == 403
    assert ExportRecord.objects.count() == 1


def test_it_requires_login(checked: Organisation, client: Client) -> None:
    assert client.get(FINDINGS).status_code == 302
    assert client.get(LAW).status_code == 302


def test_nothing_checked_is_nothing_to_take(
    organisation: Organisation, frozen_today: dt.date, provincial_officer: User, signed_in: SignIn
) -> None:
    assert signed_in(provincial_officer).get(FINDINGS).status_code == 404


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "|", "\t", "\r"])
def test_names_are_never_formulas(start: str) -> None:
    name = f"{start}cmd|' /C calc'!A0"
    assert guarded(name) == f"'{name}"
    with write_file(Sheet("Thử", (Column("Tên"), Column("Số")), [(name, -5)]), []).file as file:
        page = openpyxl.load_workbook(file).worksheets[0]
    assert page["A2"].data_type == "s"
    assert page["A2"].value.startswith("'")
    assert (page["B2"].data_type, page["B2"].value) == ("n", -5)


def test_a_hostile_name_comes_out_as_text(
    checked: Organisation, provincial_officer: User, signed_in: SignIn
) -> None:
    checked.insider.full_name = "=HYPERLINK(1)"
    checked.insider.save()
    _, book = taken(signed_in(provincial_officer), FINDINGS, **{"doi-tuong": "nomination"})
    assert "'=HYPERLINK(1)" in {row["Họ và tên"] for row in rows_of(book)}


def test_rows_are_read_as_they_are_written() -> None:
    def rows() -> Iterator[tuple[int]]:
        for number in range(2_000):
            yield (number,)

    written = write_file(Sheet("Thử", (Column("Số"),), rows()), [])
    assert written.rows == 2_000


def test_queries_do_not_grow(
    province: ComplianceRun, provincial_officer: User, signed_in: SignIn
) -> None:
    client = signed_in(provincial_officer)

    def queries(**query: str) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as captured:
            _, book = taken(client, FINDINGS, **query)
        return len(captured), len(rows_of(book))

    few = queries(**{"tieu-chi": "rotation.remaining_service"})
    many = queries()
    assert few[0] == many[0]
    assert few[1] < 10
    assert many[1] > 1_000


def test_a_snapshot_comes_out_whole(
    province: ComplianceRun, provincial_officer: User, signed_in: SignIn
) -> None:
    query = {"lan": str(province.pk), "ket-qua": "met", "tieu-chi": "planning.discipline"}
    _, book = taken(signed_in(provincial_officer), FINDINGS, **query)
    assert len(rows_of(book)) == province.summary["planning.discipline"]["met"]


# -- the law -----------------------------------------------------------------------------


def test_the_catalogue_of_a_day(
    organisation: Organisation, provincial_officer: User, signed_in: SignIn
) -> None:
    factories.TargetFactory(unit=organisation.province, value=30)
    _, book = taken(signed_in(provincial_officer), LAW, ngay="2025-10-07")
    rows = {(row["Mã tham số"], row["Cấp"]): row for row in rows_of(book)}
    women = rows["planning.women_share.minimum", "Cấp tỉnh"]
    assert women["Giá trị"] == 30
    assert women["Nguồn"] == "chỉ tiêu tỉnh"
    assert women["Căn cứ"] == "12-NQ/TU"
    titles = rows["planning.titles_per_person.maximum", "Cấp xã"]
    assert (titles["Giá trị"], titles["Đọc là"]) == (3, "≤ 3 chức danh")
    assert titles["Căn cứ"].startswith("50-QĐ/TW (2021)")
    silent = rows["planning.lineage.maximum", "Cấp xã"]
    assert (silent["Giá trị"], silent["Đọc là"]) == (None, "chưa có căn cứ")
    assert ("planning.women_share.minimum", "Cấp huyện") not in rows
    assert ExportRecord.objects.get().what == "law"
