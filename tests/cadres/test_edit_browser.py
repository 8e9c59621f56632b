"""Editing and rounds in a real browser: conflicts, lost connections, without script, phones."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from cadre_portal.common import clock
from cadres.models import Cadre, User
from cadres.services.rounds import round_open
from tests import factories
from tests.cast import Organisation
from tests.support.axe import told_of

pytestmark = pytest.mark.django_db(transaction=True)

EDIT = "/ho-so/CB-NV/sua/"
Open = Callable[..., Page]


@pytest.fixture
def open_page(
    organisation: Organisation,
    signed_in: Callable[[User], Client],
    browser: Browser,
    live_server: LiveServer,
    browser_context_args: dict[str, Any],
) -> Iterator[Open]:
    """`open_page(user, address, **look)`: a browser of that user; fails on an error in the page."""
    contexts, complaints = [], []

    def open_one(user: User, address: str, **look: Any) -> Page:
        value = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
        context = browser.new_context(**{**browser_context_args, **look})
        contexts.append(context)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(live_server.url + address)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


def test_two_browsers_meet_and_nothing_is_lost(
    open_page: Open,
    organisation: Organisation,
    unit_officer: User,
    provincial_officer: User,
) -> None:
    mine, theirs = open_page(unit_officer, EDIT), open_page(provincial_officer, EDIT)
    theirs.get_by_label("Chuyên môn").select_option(label="Tiến sĩ")
    theirs.get_by_label("Ngày vào Đảng").fill("03/02/2010")
    theirs.get_by_role("button", name="Lưu").click()
    expect(theirs.get_by_text("Đã lưu.")).to_be_visible()

    mine.get_by_label("Họ và tên").fill("Nông Thị Ánh Hồng")
    mine.get_by_label("Chuyên môn").select_option(label="Thạc sĩ")
    mine.get_by_role("button", name="Lưu").click()
    expect(mine.get_by_text("chưa ghi gì")).to_be_visible()
    expect(mine.get_by_label("Họ và tên")).to_have_value("Nông Thị Ánh Hồng")
    expect(mine.get_by_label("Ngày vào Đảng")).to_have_value("03/02/2010")
    mine.get_by_role("radio", name="Tiến sĩ").check()
    mine.get_by_role("button", name="Lưu").click()
    expect(mine.get_by_text("Đã lưu.")).to_be_visible()
    fresh = Cadre.objects.get(pk=organisation.insider.pk)
    assert (fresh.full_name, fresh.get_degree_display()) == ("Nông Thị Ánh Hồng", "Tiến sĩ")
    mine.goto(mine.url.replace("/sua/", "/lich-su/"))
    expect(mine.locator("main")).to_contain_text("Nông Thị Ánh Hồng")


def test_a_lost_connection_does_not_lose_typing(
    open_page: Open, organisation: Organisation, unit_officer: User
) -> None:
    page = open_page(unit_officer, EDIT)
    name = page.get_by_label("Họ và tên")
    name.fill("Nông Thị Ánh Gõ Dở")
    address = page.url
    page.context.set_offline(True)
    with page.expect_event("framenavigated", lambda frame: "chrome-error" in frame.url):
        page.get_by_role("button", name="Lưu").click()
    page.context.set_offline(False)
    # Somebody else writes meanwhile: what was typed comes back with what it started from.
    Cadre.objects.filter(pk=organisation.insider.pk).update(sex="male")
    page.goto(address)
    expect(name).to_have_value("Nông Thị Ánh")
    page.get_by_role("button", name="Lấy lại").click()
    expect(name).to_have_value("Nông Thị Ánh Gõ Dở")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Đã lưu.")).to_be_visible()
    fresh = Cadre.objects.get(pk=organisation.insider.pk)
    assert (fresh.full_name, fresh.sex) == ("Nông Thị Ánh Gõ Dở", "male")
    page.reload()
    expect(page.get_by_role("button", name="Lấy lại")).to_have_count(0)


def test_rows_are_edited_without_script(
    open_page: Open, organisation: Organisation, unit_officer: User
) -> None:
    page = open_page(unit_officer, f"{EDIT}dao-tao/", java_script_enabled=False)
    page.get_by_role("link", name="Thêm khóa học").click()
    page.get_by_role("button", name="Thêm").click()
    page.get_by_role("link", name="Khóa học, ngành học: Thiếu").click()
    page.get_by_label("Khóa học, ngành học").fill("Cao học Quản lý công")
    page.get_by_label("Loại").select_option(label="Chuyên môn, nghiệp vụ")
    page.get_by_role("button", name="Thêm").click()
    expect(page.get_by_role("row", name="Cao học Quản lý công")).to_be_visible()
    page.get_by_role("link", name="Xóa Cao học Quản lý công").click()
    page.get_by_role("button", name="Xóa").click()
    expect(page.get_by_text("Chưa có dòng nào")).to_be_visible()
    page.get_by_role("button", name="Khôi phục Cao học Quản lý công").click()
    expect(page.get_by_role("row", name="Cao học Quản lý công")).to_be_visible()


def test_a_round_is_answered_and_decided(
    open_page: Open, organisation: Organisation, provincial_officer: User
) -> None:
    person = factories.UserFactory(cadre=organisation.insider)
    page = open_page(provincial_officer, "/bo-sung-ly-lich/mo/")
    page.get_by_label("Tên đợt").fill("Điện thoại và ngày sinh")
    page.get_by_label("Điện thoại", exact=True).check()
    page.get_by_label("Ngày sinh", exact=True).check()
    page.get_by_label("Số hiệu cán bộ").fill("CB-NV")
    page.get_by_label("Hạn trả lời").fill("31/12/2099")
    page.get_by_role("button", name="Xem sẽ hỏi những ai").click()
    expect(page.get_by_text("1 người sẽ được hỏi")).to_be_visible()
    page.get_by_role("button", name="Mở đợt").click()
    expect(page.get_by_text("0 trong 1 người đã trả lời")).to_be_visible()

    mine = open_page(person, "/bo-sung-ly-lich/")
    mine.get_by_role("link", name="Trả lời Điện thoại và ngày sinh").click()
    mine.get_by_label("Điện thoại").fill("0206 385 0000")
    mine.get_by_label("Ngày sinh").fill("5/1985")
    mine.get_by_role("button", name="Gửi trả lời").click()
    expect(mine.get_by_text("Đã gửi 2 mục")).to_be_visible()

    page.reload()
    page.get_by_role("link", name="Duyệt 2 mục").click()
    page.get_by_role("checkbox", name="Nông Thị Ánh, Ngày sinh").check()
    page.get_by_label("Lý do không nhận").fill("Giấy khai sinh ghi đủ ngày")
    page.get_by_role("button", name="Không nhận").click()
    expect(page.get_by_text("Đã trả lại 1 mục")).to_be_visible()
    page.get_by_label("Tất cả các mục").check()
    page.get_by_role("button", name="Nhận và ghi vào hồ sơ").click()
    expect(page.get_by_text("Không còn mục nào chờ duyệt")).to_be_visible()
    fresh = Cadre.objects.get(pk=organisation.insider.pk)
    assert (fresh.biography.phone, fresh.birth_precision) == ("0206 385 0000", "day")
    mine.get_by_role("link", name="Điện thoại và ngày sinh").first.click()
    expect(mine.get_by_text("Giấy khai sinh ghi đủ ngày")).to_be_visible()


ADDRESSES = (
    EDIT,
    f"{EDIT}chi-tiet/",
    f"{EDIT}cong-tac/",
    f"{EDIT}cong-tac/them/",
    "/ho-so/moi/",
    "/bo-sung-ly-lich/",
    "/bo-sung-ly-lich/mo/",
    "/bo-sung-ly-lich/{pk}/",
    "/bo-sung-ly-lich/{pk}/tra-loi/CB-NV/",
    "/bo-sung-ly-lich/{pk}/duyet/",
)


def test_pages_are_accessible_and_fit_the_screen(
    open_page: Open, organisation: Organisation, unit_officer: User, live_server: LiveServer
) -> None:
    found = round_open(
        actor=unit_officer,
        title="Bổ sung",
        fields=["phone", "rewards", "native_unit_code"],
        due_on=clock.today(),
        cadre_ids=[organisation.insider.pk],
    )
    page = open_page(unit_officer, EDIT)
    pages = [live_server.url + address.format(pk=found.pk) for address in ADDRESSES]
    assert told_of(page, pages, (360, 1366)) == []
