"""Pages of people and organisation in a real browser."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from cadres.models import User
from tests import factories
from tests.cast import Organisation
from tests.support.axe import told_of

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = (360, 768, 1366)


@pytest.fixture
def open_page(
    organisation: Organisation,
    unit_officer: User,
    signed_in: Callable[[User], Client],
    browser: Browser,
    live_server: LiveServer,
    browser_context_args: dict[str, Any],
) -> Iterator[Callable[..., Page]]:
    """`open_page(address, **look)` as the officer of Sở Nội vụ; fails on an error in the page."""
    name = settings.SESSION_COOKIE_NAME
    value = signed_in(unit_officer).cookies[name].value
    contexts, complaints = [], []

    def open_one(address: str, **look: Any) -> Page:
        context = browser.new_context(**{**browser_context_args, **look})
        contexts.append(context)
        context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(live_server.url + address)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


def test_everything_is_reached_without_script(open_page: Callable[..., Page]) -> None:
    page = open_page("/to-chuc/", java_script_enabled=False)
    page.get_by_role("link", name="Sở Nội vụ", exact=True).click()
    page.get_by_role("link", name="Nông Thị Ánh").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nông Thị Ánh")
    page.get_by_role("link", name="Lịch sử sửa đổi").click()
    expect(page.get_by_role("heading", level=2)).to_contain_text("Lịch sử thay đổi")
    page.go_back()
    page.get_by_role("link", name="Hồ sơ").first.click()
    page.get_by_label("Tìm theo tên, số hiệu hoặc đơn vị").fill("duc cuong")
    page.keyboard.press("Enter")
    expect(page.locator("#so-nguoi")).to_have_text("1 trong 2 người")


def test_panels_and_history_come_by_themselves(
    open_page: Callable[..., Page], organisation: Organisation
) -> None:
    page = open_page("/to-chuc/SNV/")
    expect(page.get_by_role("link", name="Nhiệm kỳ 2025–2030")).to_be_visible()


ADDRESSES = (
    "/to-chuc/?cu=1",
    "/to-chuc/SNV/",
    "/ho-so/?q=nong&gioi=female",
    "/ho-so/?q=zzz",
    "/ho-so/CB-NV/",
    "/tim/?q=anh",
)


def test_pages_are_accessible_and_fit_the_screen(
    open_page: Callable[..., Page], organisation: Organisation, live_server: LiveServer
) -> None:
    factories.EvaluationFactory(cadre=organisation.insider, unit=organisation.department)
    factories.TrainingFactory(cadre=organisation.insider)
    page = open_page("/")
    assert told_of(page, [live_server.url + each for each in ADDRESSES], WIDTHS) == []
