"""A person's file in a real browser: narrow and wide, by keyboard, read aloud, on paper."""

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cadres.models import Cadre
from tests import factories
from tests.cadres.test_browser import open_page  # noqa: F401 - a fixture
from tests.cast import Organisation
from tests.support.axe import told_of

pytestmark = pytest.mark.django_db(transaction=True)

PARTS = (
    "",
    "?phan=qua-trinh",
    "?phan=dao-tao",
    "?phan=danh-gia",
    "?phan=quy-hoach",
    "?phan=luan-chuyen",
    "lich-su/?viec=new",
    "tom-tat/",
    "?ngay=2012-01-01",
)


@pytest.fixture
def insider(organisation: Organisation) -> Cadre:
    """A career of many years, with something to mend."""
    cadre = organisation.insider
    for year in range(2006, 2014, 2):
        factories.AppointmentFactory(
            cadre=cadre,
            title=organisation.deputy,
            unit=organisation.other,
            start_on=dt.date(year, 3, 1),
            end_on=dt.date(year + 2, 3, 1),
        )
    for year in (2021, 2022, 2024):
        factories.EvaluationFactory(cadre=cadre, unit=organisation.department, year=year)
    factories.TrainingFactory(cadre=cadre)
    factories.DisciplineFactory(cadre=cadre)
    factories.RotationFactory(cadre=cadre, to_unit=organisation.department)
    organisation.director.non_local_required = True
    organisation.director.save()
    return cadre


def test_parts_are_accessible_and_fit_the_screen(
    insider: Cadre,
    open_page: Callable[..., Page],  # noqa: F811
    live_server: LiveServer,
) -> None:
    page, base = open_page("/ho-so/CB-NV/"), f"{live_server.url}/ho-so/CB-NV/"
    assert told_of(page, [base + part for part in PARTS], (360, 1366)) == []


def test_a_phone_begins_with_the_day_of_view(
    insider: Cadre,
    open_page: Callable[..., Page],  # noqa: F811
) -> None:
    page = open_page("/ho-so/CB-NV/", viewport={"width": 360, "height": 740})
    page.locator("#dong-thoi-gian").scroll_into_view_if_needed()
    expect(page.locator(".tl-plot .nowt")).to_be_in_viewport(ratio=0.9)
    expect(page.locator(".tl-labels text", has_text="Chức vụ")).to_be_in_viewport()
    # Letters keep their size however narrow the screen is.
    height = page.locator(".tl-plot text.m").first.evaluate("e => getComputedStyle(e).fontSize")
    assert height == "12px"
    page.get_by_text("Xem dạng bảng").click()
    expect(page.get_by_role("rowheader", name="Phó Giám đốc, Sở Y tế").first).to_be_visible()


def test_parts_are_reached_without_script(
    insider: Cadre,
    open_page: Callable[..., Page],  # noqa: F811
) -> None:
    page = open_page("/ho-so/CB-NV/", java_script_enabled=False)
    page.get_by_role("link", name="Đánh giá, kỷ luật").click()
    expect(page.get_by_role("heading", name="Kỷ luật")).to_be_visible()
    page.get_by_role("link", name="Lịch sử sửa đổi").click()
    page.get_by_label("Việc").select_option("new")
    page.get_by_role("button", name="Lọc").click()
    assert "viec=new" in page.url
    expect(page.get_by_role("link", name="Bỏ lọc")).to_be_visible()


def test_paper_has_the_line_and_no_navigation(
    insider: Cadre,
    open_page: Callable[..., Page],  # noqa: F811
) -> None:
    page = open_page("/ho-so/CB-NV/")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1032, "height": 700})
    expect(page.locator(".tl-plot")).to_be_visible()
    expect(page.locator(".tabs")).to_be_hidden()
    line = page.locator(".tl-in").bounding_box()
    assert line is not None
    assert line["x"] + line["width"] <= 1032
