"""The look in a real browser: accessibility, narrow screens, the content security policy, keys."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.support.axe import in_light_and_dark

pytestmark = [
    pytest.mark.urls("tests.ui.urls"),
    pytest.mark.django_db(transaction=True),
]

DESKTOP = {"width": 1366, "height": 768}
PHONE = {"width": 360, "height": 740}
ADDRESSES = ["/thanh-phan/", "/?ngay=2025-06-30", "/tai-khoan/2fa/", "/khong-co/"]

WIDER_THAN_SCREEN = """() => [...document.querySelectorAll('body *')].filter(e => {
  for (let n = e.parentElement; n && n !== document.body; n = n.parentElement)
    if (getComputedStyle(n).overflowX !== 'visible') return false;
  return e.getBoundingClientRect().right > innerWidth + 1;
}).slice(0, 5).map(e => e.outerHTML.slice(0, 120))"""


def test_axe_finds_nothing(open_page: Callable[..., Page], live_server: LiveServer) -> None:
    page = open_page(ADDRESSES[0], reduced_motion="reduce")
    told = in_light_and_dark(page)
    for address, screen in zip(ADDRESSES, (PHONE, PHONE, DESKTOP, PHONE), strict=True):
        page.goto(live_server.url + address)
        page.set_viewport_size(screen)
        told += in_light_and_dark(page)
    assert [each for each in told if each[0] in ("serious", "critical")] == []


def test_axe_finds_nothing_at_sign_in(open_page: Callable[..., Page]) -> None:
    page = open_page("/tai-khoan/login/", signed_in=False, reduced_motion="reduce")
    told = in_light_and_dark(page)
    page.set_viewport_size(PHONE)
    told += in_light_and_dark(page)
    assert [each for each in told if each[0] != "minor"] == []


def test_no_page_is_wider_than_the_screen(
    open_page: Callable[..., Page], live_server: LiveServer
) -> None:
    page = open_page(ADDRESSES[0], viewport=PHONE)
    for address in ADDRESSES:
        page.goto(live_server.url + address)
        for width in (360, 768, 1024, 1366):
            page.set_viewport_size({"width": width, "height": 740})
            assert page.evaluate(WIDER_THAN_SCREEN) == [], (address, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address


@pytest.mark.parametrize("address", ["/thanh-phan/", "/"])
def test_the_policy_refuses_nothing(open_page: Callable[..., Page], address: str) -> None:
    """Refusals are errors in the console, which the fixture asserts."""
    open_page(address).wait_for_load_state("networkidle")


def test_digits_of_number_columns_line_up(open_page: Callable[..., Page]) -> None:
    page = open_page("/thanh-phan/")
    page.evaluate("document.fonts.ready")
    widths = page.evaluate(
        """() => ['1111', '0000', '7777'].map(text => {
          const span = document.createElement('span');
          span.className = 'num'; span.textContent = text; document.body.append(span);
          return Math.round(span.getBoundingClientRect().width * 10);
        })"""
    )
    assert len(set(widths)) == 1


# -- Keys -----------------------------------------------------------------------------


def test_slash_finds_g_goes_question_mark_tells(open_page: Callable[..., Page]) -> None:
    page = open_page("/")
    page.keyboard.press("/")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.press("g")
    assert page.get_by_role("combobox").input_value() == "g", "a letter typed is a letter"
    page.get_by_role("combobox").blur()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url("**/ho-so/")


def test_j_and_k_move_and_enter_opens(open_page: Callable[..., Page]) -> None:
    page = open_page("/thanh-phan/?a=1")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("tr.at")).to_contain_text("Nông Thị Ánh")
    page.keyboard.press("Enter")
    page.wait_for_url("**/thanh-phan/?")


def test_density_and_the_folded_column_are_kept(open_page: Callable[..., Page]) -> None:
    page = open_page("/thanh-phan/")
    height = "document.querySelector('table[data-rows] tbody tr:last-child').offsetHeight"
    before = page.evaluate(height)
    page.keyboard.press("d")
    page.get_by_role("button", name="Thu gọn cột trang").click()
    page.reload()
    root = page.locator("html")
    expect(root).to_have_class("js dense folded")
    assert page.evaluate(height) <= before


def test_a_menu_closes_when_one_looks_elsewhere(open_page: Callable[..., Page]) -> None:
    page = open_page("/thanh-phan/")
    menu = page.locator(".pagehead details.menu")
    menu.locator("summary").click()
    expect(menu.get_by_text("Bảng tính XLSX")).to_be_visible()
    page.locator("h1").click()
    expect(menu.get_by_text("Bảng tính XLSX")).to_be_hidden()


def test_a_question_is_asked_in_a_dialog(open_page: Callable[..., Page]) -> None:
    page = open_page("/thanh-phan/")
    page.get_by_text("Xóa kế hoạch…").click()
    expect(page.get_by_role("dialog")).to_contain_text("12 người ra khỏi quy hoạch")
    page.get_by_role("dialog").get_by_text("Thôi").click()
    expect(page.get_by_role("dialog")).to_be_hidden()


# -- Without script -------------------------------------------------------------------


def test_without_script_menus_open_and_one_can_sign_out(open_page: Callable[..., Page]) -> None:
    page = open_page("/ho-so/", java_script_enabled=False)
    page.get_by_text("Ngày xét").click()
    page.get_by_label("Xem theo ngày").fill("2025-06-30")
    page.get_by_role("button", name="Xem").click()
    page.wait_for_url("**/ho-so/?ngay=2025-06-30")
    expect(page.get_by_text("Đang xem theo ngày")).to_be_visible()
    page.locator(".top summary").last.click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url("**/tai-khoan/login/")


def test_long_work_is_followed_until_it_is_done(open_page: Callable[..., Page]) -> None:
    page = open_page("/lam-lau/")
    expect(page.get_by_text("Đang kiểm tra")).to_be_visible()
    expect(page.get_by_text("Xem kết quả")).to_be_visible(timeout=8_000)
    assert page.locator("#tien-do").get_attribute("hx-get") is None, "it stops asking"


def test_without_script_long_work_reloads_the_page(open_page: Callable[..., Page]) -> None:
    page = open_page("/lam-lau/", java_script_enabled=False)
    with page.expect_navigation(timeout=8_000):
        pass


def test_print_leaves_the_shell_out(open_page: Callable[..., Page]) -> None:
    page = open_page("/thanh-phan/", color_scheme="dark")
    page.emulate_media(media="print")
    expect(page.locator(".top")).to_be_hidden()
    expect(page.locator(".side")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
