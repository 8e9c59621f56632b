"""Overview, needs and time line in a real browser: accessible, on a phone, by keyboard."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cadre_portal.common import clock
from rotation.choices import RotationStatus
from tests import factories
from tests.cast import Organisation
from tests.rotation.conftest import TODAY, Open
from tests.rotation.test_needs import nominee, serving, tour
from tests.rotation.test_timeline import ended
from tests.support.axe import in_light_and_dark

PAGES = [reverse(f"rotation:{name}") for name in ("rotation-list", "need-list", "timeline")]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    # Before the session is made: a cookie of another day would be out of date.
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def needs(organisation: Organisation) -> Organisation:
    """Every kind of need, with and without an answer."""
    serving(organisation.other, organisation.director, dt.date(2012, 1, 1), full_name="Bế Văn Đủ")
    nominee(organisation, (organisation.department, dt.date(2013, 1, 1)))
    late = tour(organisation, planned_end_on=dt.date(2026, 9, 1))
    tour(organisation, cadre=late.cadre, status=RotationStatus.PROPOSED, start_on=None)
    tour(organisation, planned_end_on=dt.date(2027, 2, 1), to_unit=organisation.commune)
    ended(organisation, dt.date(2024, 3, 1))
    factories.PositionFactory(unit=organisation.other, title=organisation.deputy, prescribed=5)
    return organisation


def test_axe_finds_nothing(opened: Open, needs: Organisation) -> None:
    for path in PAGES:
        assert in_light_and_dark(opened(path)) == [], path


def test_on_a_phone(opened: Open, needs: Organisation) -> None:
    page = opened("/")
    page.set_viewport_size({"width": 360, "height": 780})
    for path in PAGES:
        opened(path)
        assert page.evaluate(OVERFLOW) == 0, path
    # What the drawing shows is told below it, since its words would not fit.
    expect(page.get_by_text("từ 01/03/2025, 21 tháng").first).to_be_visible()
    expect(page.locator("td.axis text").first).to_be_hidden()


def test_from_the_overview_to_a_proposal(opened: Open, needs: Organisation) -> None:
    page = opened(PAGES[0])
    page.get_by_role("link", name="Cách tính").click()
    expect(page).to_have_url(re.compile("/luan-chuyen/nhu-cau/#cach-tinh$"))
    page.locator("a.tile", has_text="Nhiệm kỳ liên tiếp").click()
    rows = page.locator("table[data-rows] tbody tr")
    expect(rows).to_have_count(1)
    # By keyboard: the name leads to the file, the next stop proposes.
    rows.first.get_by_role("link", name="Bế Văn Đủ", exact=True).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bế Văn Đủ")


def test_arranged_by_unit(opened: Open, needs: Organisation) -> None:
    page = opened(PAGES[2])
    page.get_by_role("link", name="Theo nơi đến").click()
    heads = page.locator("table.tours th[scope=rowgroup]")
    expect(heads).to_have_text(["Sở Y tế", "Xã Bảo Lạc"])
    page.get_by_label("Trạng thái").select_option(label="Đã kết thúc")
    page.get_by_role("button", name="Lọc").click()
    # The way of arranging stays.
    expect(heads).to_have_text(["Sở Y tế"])
    expect(page.get_by_text("kết thúc sớm 12 tháng")).to_be_visible()
