"""The list of people and the search box in a real browser, with script and without."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from cadres.models import ExportRecord, User
from tests import factories
from tests.cast import Organisation
from tests.support.axe import told_of

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_a_morning_with_the_list(
    open_page: Callable[..., Page], organisation: Organisation, tmp_path: Path
) -> None:
    """Type, filter, open beside the list, walk on, tick, compare, come back, export."""
    for number in range(4):
        factories.AppointmentFactory(
            cadre=factories.CadreFactory(code=f"CB-X{number}", full_name="Vi Văn Khải", sex="male"),
            unit=organisation.department,
            title=organisation.deputy,
        )
    page = open_page("/ho-so/")
    count = page.locator("#so-nguoi")
    expect(count).to_have_text("6 người")
    field = page.get_by_label("Tìm theo tên, số hiệu hoặc đơn vị")
    field.press_sequentially("vi khai")
    expect(count).to_have_text("4 trong 6 người")
    expect(field).to_be_focused()
    assert "q=vi" in page.url
    page.get_by_text("Thêm bộ lọc").click()
    page.locator("#loc").get_by_label("Giới").select_option("male")
    page.get_by_role("button", name="Lọc", exact=True).click()
    expect(page.locator("#loc")).to_contain_text("Giới: Nam")
    expect(count).to_have_text("4 trong 6 người")

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#xem-nhanh")).to_contain_text("1/4")
    expect(page.locator("#xem-nhanh-noi-dung")).to_contain_text("Vi Văn Khải")
    page.keyboard.press("j")
    expect(page.locator("#xem-nhanh")).to_contain_text("2/4")
    assert "xem=CB-X1" in page.url
    page.reload()
    expect(page.locator("#xem-nhanh-noi-dung")).to_contain_text("Vi Văn Khải")
    page.keyboard.press("Escape")
    expect(page.locator("#xem-nhanh")).to_be_hidden()

    page.get_by_label("Chọn Vi Văn Khải").nth(0).check()
    page.get_by_label("Chọn Vi Văn Khải").nth(2).check()
    page.get_by_role("button", name="So sánh").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 người")
    page.go_back()
    expect(page.locator(".bulk")).to_contain_text("Đã chọn 2 người")
    page.get_by_role("button", name="Xuất 2 người").click()
    page.get_by_label("CSV").check()
    page.get_by_label("Lý do").fill("Chuẩn bị hội nghị")
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải tệp").click()
    kept = tmp_path / "tep.csv"
    download.value.save_as(kept)
    rows = list(csv.reader(kept.read_text("utf-8-sig").splitlines()))
    assert [row[0] for row in rows] == ["Họ và tên", "Vi Văn Khải", "Vi Văn Khải"]
    assert ExportRecord.objects.get().reason == "Chuẩn bị hội nghị"


def test_the_list_without_script(open_page: Callable[..., Page]) -> None:
    page = open_page("/ho-so/?don_vi=SNV", java_script_enabled=False)
    page.locator("summary", has_text="Thêm bộ lọc").click()
    page.get_by_role("link", name="Chọn bộ lọc").click()
    page.get_by_label("Nhóm tuổi").select_option("giua")
    page.get_by_role("button", name="Lọc", exact=True).click()
    expect(page.locator("#so-nguoi")).to_have_text("2 trong 2 người")
    page.locator("summary", has_text="Bộ lọc đã lưu").click()
    page.get_by_role("link", name="Lưu bộ lọc này…").click()
    page.get_by_label("Tên bộ lọc").fill("Tuổi giữa")
    page.get_by_role("button", name="Lưu bộ lọc").click()
    expect(page.locator("#loc summary").first).to_have_text("Tuổi giữa")
    page.get_by_label("Chọn Nông Thị Ánh").check()
    page.get_by_label("Chọn Đàm Đức Cường").check()
    page.get_by_role("button", name="So sánh").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 người")


def test_suggestions_are_walked_with_the_arrows(open_page: Callable[..., Page]) -> None:
    page = open_page("/ho-so/")
    page.keyboard.press("/")
    page.keyboard.type("noi vu")
    box = page.get_by_role("combobox", name="Tìm người, đơn vị, kế hoạch")
    options = page.get_by_role("option")
    expect(options).to_have_count(3)
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(page.locator("#tim-thay")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sở Nội vụ")


ADDRESSES = (
    "/ho-so/?xem=CB-NV",
    "/ho-so/loc/?don_vi=SNV",
    "/ho-so/bo-loc/",
    "/ho-so/bo-loc/luu/?gioi=female",
    "/ho-so/so-sanh/?chon=CB-NV&chon=CB-LT",
    "/ho-so/xuat/",
)


def test_pages_are_accessible_and_fit_the_screen(
    open_page: Callable[..., Page], live_server: LiveServer
) -> None:
    page = open_page("/ho-so/")
    assert told_of(page, [live_server.url + each for each in ADDRESSES], (360, 1366)) == []
