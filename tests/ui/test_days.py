"""Days: typed with the day first, read in every way that forms take, the same in every browser."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from cadre_portal.common.days import DayInput, read_day

FIRST_OF_DECEMBER = dt.date(2026, 12, 1)


@pytest.mark.parametrize(
    "text", ["01/12/2026", "1/12/2026", "01-12-2026", "1.12.2026", "2026-12-01"]
)
def test_the_day_comes_first(text: str) -> None:
    assert read_day(text) == FIRST_OF_DECEMBER


@pytest.mark.parametrize("text", ["", "hôm qua", "13/31/2026", "31/11/2026", "12/2026"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no day"):
        read_day(text)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (FIRST_OF_DECEMBER, "01/12/2026"),
        ("2026-12-01", "01/12/2026"),
        ("31/11/2026", "31/11/2026"),
        ("<b>", "&lt;b&gt;"),
        (None, None),
    ],
)
def test_a_field_shows_the_day_first_and_keeps_what_is_wrong(
    value: object, shown: str | None
) -> None:
    html = DayInput().render("ngay", value)
    found = re.search(r'value="([^"]*)"', html)
    assert (found and found.group(1)) == shown
    assert 'type="text"' in html


def test_no_page_leaves_the_order_of_day_and_month_to_the_browser() -> None:
    templates = Path(settings.BASE_DIR, "templates").rglob("*.html")
    assert [path.name for path in templates if 'type="date"' in path.read_text()] == []


@pytest.mark.urls("tests.ui.urls")
@pytest.mark.django_db(transaction=True)
def test_the_calendar_writes_the_day_first(open_page: Callable[..., Page]) -> None:
    page = open_page("/?ngay=2025-06-30", locale="en-US")
    page.get_by_text("Ngày xét", exact=True).click()
    day = page.get_by_label("Xem theo ngày")
    expect(day).to_have_value("30/06/2025")
    page.get_by_label("Mở lịch").click()
    page.locator(".day-pick").fill("2025-07-01", force=True)
    expect(day).to_have_value("01/07/2025")
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page).to_have_url(re.compile("ngay=01%2F07%2F2025"))
    expect(page.get_by_text("Đang xem theo ngày 01/07/2025")).to_be_visible()


@pytest.mark.urls("tests.ui.urls")
@pytest.mark.django_db(transaction=True)
def test_without_script_there_is_no_calendar(open_page: Callable[..., Page]) -> None:
    page = open_page("/", java_script_enabled=False)
    page.get_by_text("Ngày xét", exact=True).click()
    expect(page.get_by_label("Xem theo ngày")).to_be_visible()
    expect(page.get_by_label("Mở lịch")).to_be_hidden()
