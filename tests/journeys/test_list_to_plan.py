"""From an untidy list to the first failing plan, by somebody who never saw the portal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from cadres.models import Cadre, ListImport, User
from planning.choices import PlanStatus
from planning.models import Nomination
from tests import factories
from tests.cast import Organisation

pytestmark = pytest.mark.django_db(transaction=True)

SAMPLE = Path(__file__).parents[1] / "data" / "lists" / "phu-luc-2.xlsx"
MOST_CLICKS = 12
PATIENCE = 30_000


class Hand:
    """Clicks, and counts them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0

    def click(self, role: Any, name: str) -> None:
        """Click the first thing with that role and name."""
        self.clicks += 1
        self.page.get_by_role(role, name=name).first.click()

    def choose_file(self, path: Path) -> None:
        """Open the chooser (a click) and take the file (another)."""
        self.clicks += 2
        self.page.set_input_files("input[type=file]", path)


@pytest.fixture
def office(organisation: Organisation, monkeypatch: pytest.MonkeyPatch) -> Organisation:
    """Sở Nội vụ draws its plan up; heads of division exist as a title, but not by that name."""
    monkeypatch.setattr("cadre_portal.common.jobs._send", lambda *_args: None)
    plan = organisation.plan
    plan.status, plan.approved_on = PlanStatus.DRAFT, None
    plan.save()
    head = factories.TitleFactory(code="TP", name="Trưởng phòng và tương đương", rank=50)
    factories.PositionFactory(unit=organisation.department, title=head, prescribed=6)
    factories.PositionFactory(unit=organisation.department, title=organisation.deputy, prescribed=3)
    factories.TargetFactory(unit=organisation.province)
    return organisation


def test_from_the_list_to_the_first_failing_plan(
    office: Organisation,
    unit_officer: User,
    signed_in: Callable[[User], Client],
    browser: Browser,
    live_server: LiveServer,
    browser_context_args: dict[str, Any],
) -> None:
    name = settings.SESSION_COOKIE_NAME
    context = browser.new_context(**browser_context_args)
    value = signed_in(unit_officer).cookies[name].value
    context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page.goto(live_server.url)
    hand = Hand(page)

    hand.click("link", "Nhập dữ liệu")
    hand.choose_file(SAMPLE)
    hand.clicks += 2  # the unit is chosen among the office and its centre
    page.get_by_label("Danh sách của đơn vị nào").select_option("SNV")
    hand.click("button", "Tải lên và kiểm tra")
    expect(page.get_by_role("heading", level=2).first).to_have_text(
        "Đọc được 11 người; không còn chỗ nào phải quyết định."
    )
    assert not ListImport.objects.get().counts["errors"]
    hand.click("button", "Xem thay đổi")
    expect(page.get_by_text("Đây là những gì sẽ được ghi.")).to_be_visible()
    assert Cadre.objects.filter(code__startswith="DS").count() == 0
    hand.click("button", "Ghi vào hồ sơ")
    expect(page.get_by_text("Đã ghi vào hồ sơ lúc")).to_be_visible()
    assert Cadre.objects.filter(code__startswith="DS").count() == 11
    assert Nomination.objects.filter(plan=office.plan).count() == 12
    hand.click("link", "Xem kế hoạch chưa đạt")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sở Nội vụ")
    expect(page.get_by_text("Chưa đạt").first).to_be_visible()
    assert hand.clicks <= MOST_CLICKS, hand.clicks
    assert complaints == []
    context.close()


def test_correcting_a_cell_with_the_keyboard_and_without_script(
    office: Organisation,
    unit_officer: User,
    signed_in: Callable[[User], Client],
    browser: Browser,
    live_server: LiveServer,
    browser_context_args: dict[str, Any],
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from cadre_portal.common import clock
    from cadres.services.list_imports import list_upload

    rows = "TT,Họ và tên,Ngày sinh,Chức vụ\n1,Hầu A Sình,31/04/1983,Phó Giám đốc\n"
    found = list_upload(
        actor=unit_officer,
        upload=SimpleUploadedFile("ds.csv", rows.encode()),
        unit=office.department,
        as_of=clock.today(),
    )
    name = settings.SESSION_COOKIE_NAME
    value = signed_in(unit_officer).cookies[name].value
    for script in (True, False):
        context = browser.new_context(**browser_context_args, java_script_enabled=script)
        context.add_cookies([{"name": name, "value": value, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{live_server.url}/nhap-danh-sach/{found.pk}/")
        page.locator("#C2 a").click()
        field = page.get_by_label("Sửa ô C2")
        if script:
            expect(field).to_be_focused()
        field.fill("30/04/1983" if script else "31/04/1983")
        field.press("Enter")
        left = "không còn chỗ nào" if script else "còn 1 chỗ"
        expect(page.get_by_role("heading", level=2).first).to_contain_text(left)
        context.close()
    found.refresh_from_db()
    Path(found.file.path).unlink()
