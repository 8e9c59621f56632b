"""Pages of people and organisation: what they show, to whom, and with how many queries."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadre_portal.common import clock
from cadres.models import User
from tests import factories
from tests.cast import Organisation

Browser = Callable[[User], Client]

LIST, DETAIL = 10, 15


def queries(client: Client, url: str) -> int:
    client.get(url)  # whatever is kept for the process is read by now
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


# ---- Tổ chức ---------------------------------------------------------------------------------


def test_the_tree_shows_counts(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    page = signed_in(provincial_officer).get(reverse("cadres:unit-list"))
    rows = {row["unit"].code: row for row in page.context["rows"]}
    assert list(rows) == ["CB", "SNV", "SNV-LT", "SYT", "X01321"]
    assert rows["CB"]["counts"].prescribed == 4
    assert rows["CB"]["counts"].people == 4
    assert rows["SNV"]["counts"].held == 2
    assert rows["SNV-LT"]["counts"].held == 1
    assert rows["SNV-LT"]["indent"] == 40
    assert "H042" not in page.content.decode()


def test_the_tree_counts_vacancies_on_the_date(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    url = reverse("cadres:unit-list") + "?ngay=2019-12-31"
    page = signed_in(provincial_officer).get(url)
    rows = {row["unit"].code: row for row in page.context["rows"]}
    assert rows["SNV"]["counts"].vacant == 2
    assert "H042" in rows
    assert "X01321" not in rows


def test_former_units_stand_closed_with_their_successors(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    page = signed_in(provincial_officer).get(reverse("cadres:unit-list") + "?cu=1")
    text = page.content.decode()
    assert "đã kết thúc 30/06/2025" in text
    row = next(row for row in page.context["rows"] if row["unit"].code == "H042")
    assert [unit["name"] for unit in row["successors"]] == ["Xã Bảo Lạc"]


def test_the_tree_of_an_officer_begins_at_the_own_unit(
    unit_officer: User, signed_in: Browser
) -> None:
    page = signed_in(unit_officer).get(reverse("cadres:unit-list") + "?cu=1")
    assert [row["unit"].code for row in page.context["rows"]] == ["SNV", "SNV-LT"]
    assert page.context["rows"][0]["indent"] == 0


def test_a_stranger_sees_an_empty_tree(
    organisation: Organisation, stranger: User, signed_in: Browser
) -> None:
    page = signed_in(stranger).get(reverse("cadres:unit-list"))
    assert page.context["rows"] == []
    assert "Chưa có đơn vị nào" in page.content.decode()


def test_a_large_tree_is_cut(
    organisation: Organisation,
    provincial_officer: User,
    signed_in: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cadres.selectors.units.TREE_ROWS", 3)
    page = signed_in(provincial_officer).get(reverse("cadres:unit-list"))
    rows = {row["unit"].code: row for row in page.context["rows"]}
    assert list(rows) == ["CB", "SNV", "SYT", "X01321"]
    assert rows["SNV"]["counts"].prescribed == 2
    assert rows["CB"]["counts"].prescribed == 4
    assert "Chỉ hiện hai cấp" in page.content.decode()


def test_queries_of_the_tree_do_not_grow(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    client, url = signed_in(provincial_officer), reverse("cadres:unit-list") + "?cu=1"
    few = queries(client, url)
    for _unit in range(30):
        factories.AppointmentFactory(
            unit=factories.UnitFactory(parent=organisation.province), title=organisation.director
        )
    assert queries(client, url) == few <= LIST


# ---- A unit ----------------------------------------------------------------------------------


def test_a_unit_shows_posts_holders_and_vacancies(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    factories.PositionFactory(unit=organisation.department, title=organisation.deputy, prescribed=3)
    page = signed_in(unit_officer).get(reverse("cadres:unit-detail", args=["SNV"]))
    text = page.content.decode()
    assert "Nông Thị Ánh" in text
    assert "Trung tâm Lưu trữ" in text
    assert page.context["profile"].vacant == 3
    assert [row["post"].title.code for row in page.context["posts"]] == ["GD", "PGD"]
    # The province stands above, out of this officer's scope.
    assert "Tỉnh ủy Cao Bằng" not in text


def test_a_title_without_a_position_is_shown_as_such(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    factories.AppointmentFactory(unit=organisation.department, title=organisation.deputy)
    page = signed_in(unit_officer).get(reverse("cadres:unit-detail", args=["SNV"]))
    assert "ngoài vị trí quy định" in page.content.decode()


def test_a_former_unit_names_its_successors(
    organisation: Organisation, approver: User, signed_in: Browser
) -> None:
    client = signed_in(approver)
    district = client.get(reverse("cadres:unit-detail", args=["H042"])).content.decode()
    assert "đã kết thúc hoạt động sau ngày 30/06/2025" in district
    assert "Xã Bảo Lạc" in district
    commune = client.get(reverse("cadres:unit-detail", args=["X01321"])).content.decode()
    assert "Kế tục từ" in commune
    assert "Huyện Bảo Lạc" in commune


def test_who_left_is_named_in_the_past_but_not_linked(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    moved = factories.CadreFactory(code="CB-DI", full_name="Lục Thị Oanh")
    factories.AppointmentFactory(
        cadre=moved,
        unit=organisation.department,
        title=organisation.deputy,
        start_on=dt.date(2015, 1, 1),
        end_on=dt.date(2019, 1, 1),
    )
    factories.AppointmentFactory(cadre=moved, unit=organisation.other, title=organisation.deputy)
    url = reverse("cadres:unit-detail", args=["SNV"]) + "?ngay=2018-01-01"
    text = signed_in(unit_officer).get(url).content.decode()
    assert "Lục Thị Oanh" in text
    assert "CB-DI" not in text


def test_queries_of_a_unit_do_not_grow(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    client = signed_in(provincial_officer)
    url = reverse("cadres:unit-detail", args=["SNV"])
    few = queries(client, url)
    for _unit in range(10):
        factories.UnitFactory(parent=organisation.department)
        factories.AppointmentFactory(unit=organisation.department)
        factories.PositionFactory(unit=organisation.department)
    assert queries(client, url) == few <= DETAIL


# ---- A file ----------------------------------------------------------------------------------


def test_a_file_shows_the_person(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    cadre = organisation.insider
    factories.EvaluationFactory(cadre=cadre, unit=organisation.department, year=2025)
    factories.TrainingFactory(cadre=cadre)
    factories.DisciplineFactory(cadre=cadre)
    page = signed_in(unit_officer).get(reverse("cadres:cadre-detail", args=["CB-NV"]))
    text = page.content.decode()
    for words in (
        "Nông Thị Ánh",
        "Giám đốc, Sở Nội vụ",
        "20/05/1985",
        "dân tộc Tày",
        "Hoàn thành tốt nhiệm vụ",
        "Cao cấp lý luận chính trị",
        "Khiển trách",
    ):
        assert words in text


def test_an_auditor_sees_no_sensitive_data(
    organisation: Organisation, auditor: User, signed_in: Browser
) -> None:
    factories.DisciplineFactory(cadre=organisation.insider)
    client = signed_in(auditor)
    page = client.get(reverse("cadres:cadre-detail", args=["CB-NV"])).content.decode()
    assert "Nông Thị Ánh" in page
    assert "Khiển trách" not in page
    assert "Kỷ luật" not in page
    assert "Tày" not in page


def test_a_file_on_another_day(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    url = reverse("cadres:cadre-detail", args=["CB-NV"]) + "?ngay=2019-06-01"
    text = signed_in(unit_officer).get(url).content.decode()
    assert "không giữ chức vụ vào ngày này" in text
    assert "34 tuổi" in text


def test_a_birth_date_shows_no_more_than_is_known(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    cadre = organisation.insider
    cadre.birth_date, cadre.birth_precision = dt.date(1985, 1, 1), "year"
    cadre.save()
    text = signed_in(unit_officer).get(reverse("cadres:cadre-detail", args=["CB-NV"]))
    assert "01/01/1985" not in text.content.decode()


def test_an_empty_file_opens(provincial_officer: User, signed_in: Browser) -> None:
    cadre = factories.CadreFactory(
        sex="", birth_date=None, ethnicity_code="", degree=None, theory=None, party_joined_on=None
    )
    page = signed_in(provincial_officer).get(reverse("cadres:cadre-detail", args=[cadre.code]))
    assert "chưa ghi" in page.content.decode()


def test_queries_of_a_file_do_not_grow(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    client, url = signed_in(unit_officer), reverse("cadres:cadre-detail", args=["CB-NV"])
    few = queries(client, url)
    for year in range(2000, 2015):
        factories.AppointmentFactory(
            cadre=organisation.insider,
            title=organisation.deputy,
            start_on=dt.date(year, 1, 1),
            end_on=dt.date(year, 12, 31),
        )
        factories.EvaluationFactory(cadre=organisation.insider, year=year)
        factories.TrainingFactory(cadre=organisation.insider, course=f"Khóa {year}")
    assert queries(client, url) == few <= DETAIL


# ---- Outside the scope -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("unit-detail", "SYT"),
        ("unit-detail", "CB"),
        ("unit-history", "SYT"),
        ("cadre-detail", "CB-YT"),
        ("cadre-history", "CB-YT"),
        ("unit-detail", "KHONG-CO"),
        ("cadre-detail", "KHONG-CO"),
    ],
)
def test_what_is_outside_does_not_exist(
    name: str, code: str, organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    url = reverse(f"cadres:{name}", args=[code])
    assert signed_in(unit_officer).get(url).status_code == 404


def test_who_left_the_unit_is_no_longer_visible(
    organisation: Organisation, unit_officer: User, provincial_officer: User, signed_in: Browser
) -> None:
    organisation.insider.appointments.update(end_on=clock.today())
    url = reverse("cadres:cadre-detail", args=["CB-NV"])
    assert signed_in(unit_officer).get(url).status_code == 404
    assert signed_in(provincial_officer).get(url).status_code == 200


def test_pages_do_not_write(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    client = signed_in(provincial_officer)
    for name in ("unit-list", "cadre-list", "search"):
        assert client.post(reverse(f"cadres:{name}")).status_code == 405


def test_nonsense_as_a_date_is_a_bad_request(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    client = signed_in(provincial_officer)
    assert client.get(reverse("cadres:unit-list") + "?ngay=hom-qua").status_code == 400
