"""What one does with the list of people: columns, saved filters, comparison, export."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import FileResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl.utils.escape import unescape

from cadres.exports.tables import Head, Table, make_file
from cadres.models import ExportRecord, SavedFilter, User
from cadres.services.saved import saved_filter_keep
from tests import factories
from tests.cast import Organisation

Browser = Callable[[User], Client]

LIST = "/ho-so/"
REASON = {"ly_do": "Báo cáo Ban Thường vụ"}


@pytest.fixture
def officer(organisation: Organisation, unit_officer: User, signed_in: Browser) -> Client:
    """The browser of the officer of Sở Nội vụ."""
    return signed_in(unit_officer)


def labels(client: Client) -> list[str]:
    page = client.get(LIST)
    return [str(column["label"]) for column in page.context["columns"]]


# ---- Columns ---------------------------------------------------------------------------------


def test_columns_are_kept_per_person(
    officer: Client, provincial_officer: User, signed_in: Browser
) -> None:
    usual = labels(officer)
    answer = officer.post(
        reverse("cadres:cadre-columns"),
        {"cot": ["que", "ma", "tuoi", "khong-co"], "tro_lai": "?q=anh&sap=-ten"},
    )
    assert answer.url == "/ho-so/?q=anh&sap=-ten"
    assert labels(officer) == ["Họ và tên", "Số hiệu", "Tuổi", "Quê quán"]
    assert labels(signed_in(provincial_officer)) == usual
    officer.post(reverse("cadres:cadre-columns"), {"mac_dinh": "1"})
    assert labels(officer) == usual


def test_nobody_chooses_a_column_they_may_not_see(
    organisation: Organisation, auditor: User, signed_in: Browser
) -> None:
    client = signed_in(auditor)
    client.post(reverse("cadres:cadre-columns"), {"cot": ["dan_toc", "ma"]})
    assert labels(client) == ["Họ và tên", "Số hiệu"]


def test_going_back_leads_nowhere_else(officer: Client) -> None:
    for evil in ("//evil.example/", "?q=a#//evil", "https://evil.example"):
        answer = officer.post(reverse("cadres:cadre-columns"), {"tro_lai": evil})
        assert answer.url.startswith("/ho-so/")


# ---- Saved filters ---------------------------------------------------------------------------


def keep(client: Client, query: str, **data: str) -> Any:
    return client.post(reverse("cadres:cadre-filter-keep") + query, data)


def saved_names(client: Client) -> list[str]:
    return [item["name"] for item in client.get(LIST).context["saved"]["items"]]


def test_a_filter_is_kept_and_found_again(officer: Client) -> None:
    answer = keep(officer, "?gioi=female&don_vi=SNV&sap=-ten&trang=2", ten="Nữ Sở Nội vụ")
    assert answer.url == "/ho-so/?don_vi=SNV&gioi=female&sap=-ten"
    assert SavedFilter.objects.get().query == "don_vi=SNV&gioi=female"
    assert saved_names(officer) == ["Nữ Sở Nội vụ"]
    item = officer.get(LIST).context["saved"]["items"][0]
    page = officer.get(item["url"])
    assert page.context["saved"]["here"] == "Nữ Sở Nội vụ"
    assert page.context["measure"].found == 2


def test_the_same_name_again_replaces_it(officer: Client) -> None:
    keep(officer, "?gioi=female", ten="Của tôi")
    keep(officer, "?gioi=male", ten="Của tôi")
    assert SavedFilter.objects.get().query == "gioi=male"


def test_a_filter_needs_a_name_and_a_condition(officer: Client) -> None:
    assert keep(officer, "?gioi=female", ten=" ").status_code == 422
    assert keep(officer, "", ten="Tất cả").status_code == 302
    assert not SavedFilter.objects.exists()


def test_private_unless_shared_with_an_office(
    organisation: Organisation,
    officer: Client,
    other_unit_officer: User,
    provincial_officer: User,
    inspector: User,
    signed_in: Browser,
) -> None:
    keep(officer, "?gioi=female", ten="Riêng")
    keep(officer, "?gioi=male", ten="Chung", dung_chung="SNV")
    colleague = factories.UserFactory(username="colleague")
    factories.RoleGrantFactory(user=colleague, role="unit_officer", unit=organisation.department)
    assert saved_names(officer) == ["Chung", "Riêng"]
    assert saved_names(signed_in(colleague)) == ["Chung"]
    assert saved_names(signed_in(inspector)) == ["Chung"]
    assert saved_names(signed_in(other_unit_officer)) == []
    assert saved_names(signed_in(provincial_officer)) == []


def test_a_shared_filter_shows_each_their_own_people(
    organisation: Organisation, officer: Client, signed_in: Browser
) -> None:
    keep(officer, "?gioi=female", ten="Nữ", dung_chung="SNV")
    below = factories.UserFactory(username="below")
    factories.RoleGrantFactory(user=below, role="unit_officer", unit=organisation.department)
    url = signed_in(below).get(LIST).context["saved"]["items"][0]["url"]
    factories.RoleGrantFactory(user=below, role="unit_officer", unit=organisation.other)
    assert signed_in(below).get(url).context["measure"].found == 3


def test_shared_only_with_an_office_of_ones_own(
    organisation: Organisation, unit_officer: User, officer: Client, stranger: User
) -> None:
    assert keep(officer, "?gioi=male", ten="Chung", dung_chung="SYT").status_code == 422
    for actor, unit in ((unit_officer, organisation.other), (stranger, None)):
        with pytest.raises(PermissionDenied):
            saved_filter_keep(actor=actor, name="x", query="q=a", shared_with=unit)


def test_only_the_owner_drops_a_filter(
    organisation: Organisation, officer: Client, inspector: User, signed_in: Browser
) -> None:
    keep(officer, "?gioi=male", ten="Chung", dung_chung="SNV")
    url = reverse("cadres:cadre-filter-drop", args=[SavedFilter.objects.get().pk])
    assert signed_in(inspector).post(url).status_code == 404
    assert officer.get(url).status_code == 405
    assert officer.post(url).status_code == 302
    assert not SavedFilter.objects.exists()


# ---- Side by side ----------------------------------------------------------------------------


def test_people_side_by_side(officer: Client) -> None:
    page = officer.get(reverse("cadres:cadre-compare"), {"chon": ["CB-LT", "CB-NV"]})
    assert [row["name"] for row in page.context["people"]] == ["Nông Thị Ánh", "Đàm Đức Cường"]
    differs = {str(line["label"]): line["differs"] for line in page.context["lines"]}
    assert differs["Đơn vị"]
    assert not differs["Giới"]


@pytest.mark.parametrize("codes", [[], ["CB-NV"], ["CB-NV", "CB-YT"], ["CB-YT", "CB-BL"]])
def test_a_comparison_needs_two_people_in_sight(codes: list[str], officer: Client) -> None:
    page = officer.get(reverse("cadres:cadre-compare"), {"chon": codes})
    assert page.context["problem"]
    assert "Lý Thị Đào" not in page.content.decode()


# ---- Export ----------------------------------------------------------------------------------


def content(answer: FileResponse) -> bytes:
    return b"".join(answer.streaming_content)


def export(client: Client, query: str = "", **data: str) -> Any:
    return client.post(reverse("cadres:cadre-export") + query, {"dinh_dang": "xlsx", **data})


def sheet(answer: FileResponse) -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(content(answer)))
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_the_file_is_what_the_screen_shows(officer: Client) -> None:
    page = officer.get(LIST, {"q": "th", "sap": "-ten"})
    heads, *rows = sheet(export(officer, "?q=th&sap=-ten", **REASON))
    assert list(heads) == [str(column["label"]) for column in page.context["columns"]]
    shown = [
        [
            row["name"],
            *(
                told.cell.text if told.cell.value is None else told.cell.value
                for told in row["cells"]
            ),
        ]
        for row in page.context["rows"]
    ]
    read = [
        [value.date() if isinstance(value, dt.datetime) else value or "" for value in row]
        for row in rows
    ]
    assert read == shown
    assert [row[0] for row in read] == ["Nông Thị Ánh"]


def test_those_who_were_ticked_or_the_whole_result(officer: Client) -> None:
    ticked = "?gioi=female&chon=CB-LT&chon=CB-YT"
    assert [row[0] for row in sheet(export(officer, ticked, **REASON))[1:]] == ["Đàm Đức Cường"]
    whole = sheet(export(officer, ticked + "&tat_ca=1", **REASON))
    assert [row[0] for row in whole[1:]] == ["Nông Thị Ánh", "Đàm Đức Cường"]


def test_csv_for_other_programs(officer: Client, organisation: Organisation) -> None:
    organisation.insider.birth_precision = "year"
    organisation.insider.birth_date = dt.date(1985, 1, 1)
    organisation.insider.save()
    raw = content(export(officer, dinh_dang="csv", **REASON))
    assert raw.startswith(b"\xef\xbb\xbf")
    heads, first, second = csv.reader(io.StringIO(raw.decode("utf-8-sig")))
    assert first[:3] == ["Nông Thị Ánh", "1985", "41"]
    assert second[1] == "20/05/1985"
    assert heads[0] == "Họ và tên"


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "|x", "\t=1"])
@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
def test_no_name_becomes_a_formula(
    evil: str, file_format: str, officer: Client, organisation: Organisation
) -> None:
    organisation.insider.full_name = evil
    organisation.insider.save()
    answer = export(officer, "?chon=CB-NV", dinh_dang=file_format, **REASON)
    if file_format == "csv":
        name = list(csv.reader(io.StringIO(content(answer).decode("utf-8-sig"))))[1][0]
    else:
        name = sheet(answer)[1][0]
    assert name == f"'{evil}"


def test_texts_of_all_kinds_come_out_of_a_sheet_as_they_went_in() -> None:
    texts = ["Nông & <Ánh>", " ở hai đầu ", "hai\ndòng", "_x0041_", "\x07", '"“”', "a" * 40_000]
    rows: list[list[Any]] = [[text, None, "", 7, dt.date(1985, 5, 20)] for text in texts]
    table = Table(title="Thử", heads=[Head(text="Đầu")] * 5, rows=iter(rows))
    read = openpyxl.load_workbook(make_file(table, "xlsx").file)["Thử"]
    for text, cells in zip(texts, read.iter_rows(min_row=2, values_only=True), strict=True):
        told = unescape(cells[0])
        assert told == text[:32_767]
        assert cells[1:] == (None, None, 7, dt.datetime(1985, 5, 20))


def test_sensitive_columns_ask_for_a_reason(officer: Client) -> None:
    refused = export(officer)
    assert refused.status_code == 422
    assert "hãy ghi lý do xuất" in refused.content.decode()
    assert export(officer, ly_do="  ").status_code == 422
    assert not ExportRecord.objects.exists()
    heads = sheet(export(officer, bo_nhay_cam="1"))[0]
    assert "Dân tộc" not in heads
    assert not ExportRecord.objects.get().is_sensitive


def test_an_export_is_recorded(officer: Client, organisation: Organisation) -> None:
    content(export(officer, "?don_vi=SNV&gioi=female", **REASON))
    record = ExportRecord.objects.get()
    assert (record.what, record.file_format, record.people) == ("cadre-list", "xlsx", 2)
    assert record.is_sensitive
    assert record.reason == REASON["ly_do"]
    assert record.filters["don_vi"] == "SNV"
    assert "dan_toc" in record.filters["cot"]
    assert record.unit_ids == [organisation.department.pk]
    assert len(record.sha256) == 64


def test_nobody_outside_the_scope_goes_out(
    organisation: Organisation, officer: Client, auditor: User, stranger: User, signed_in: Browser
) -> None:
    for query in ("", "?chon=CB-YT&chon=CB-NV", "?q=dao", "?don_vi=SYT"):
        people = [row[0] for row in sheet(export(officer, query, **REASON))[1:]]
        assert "Lý Thị Đào" not in people
    assert signed_in(stranger).post(reverse("cadres:cadre-export")).status_code == 403
    heads = sheet(export(signed_in(auditor)))[0]
    assert "Dân tộc" not in heads


def test_an_export_is_one_statement_at_any_length(
    organisation: Organisation, officer: Client
) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            content(export(officer, **REASON))
        return len(captured)

    statements()
    few = statements()
    factories.AppointmentFactory.create_batch(
        60, unit=organisation.department, title=organisation.deputy
    )
    assert statements() == few
