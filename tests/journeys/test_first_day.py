"""The first day: from the office's workbook to the failing plan, and the result taken away."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cadres.choices import Role
from cadres.models import Cadre
from compliance.models import ComplianceState
from tests import factories
from tests.support.workers import CeleryWorkers

WORKBOOK = Path(__file__).parent.parent / "data" / "province-small.xlsx"
PATIENCE = 60_000  # ms; real workers on a busy machine


@pytest.fixture
def officer(transactional_db: None) -> Any:
    """A provincial officer for everything."""
    user = factories.UserFactory(username="canbotinh", full_name="Nông Thị Ánh")
    factories.RoleGrantFactory(user=user, role=Role.PROVINCIAL_OFFICER, unit=None)
    return user


def sign_in(page: Page, server: LiveServer, user: Any) -> None:
    """Through the sign-in page, as people do."""
    page.goto(f"{server.url}/")
    page.get_by_label("Tên đăng nhập").fill(user.username)
    page.get_by_label("Mật khẩu").fill(factories.PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tổng quan")


def test_from_a_workbook_to_a_failing_plan(
    live_server: LiveServer,
    celery_workers: CeleryWorkers,
    page: Page,
    officer: Any,
    tmp_path: Path,
) -> None:
    celery_workers.start()
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    sign_in(page, live_server, officer)

    # Load the workbook: checked first, nothing written.
    page.goto(f"{live_server.url}/nhap-du-lieu/")
    page.set_input_files("input[type=file]", WORKBOOK)
    page.get_by_role("button", name="Tải lên và kiểm tra").click()
    write = page.get_by_role("button", name="Ghi vào hồ sơ")
    expect(write).to_be_visible()
    assert not Cadre.objects.exists()

    # Write it: all of it or nothing.
    write.click()
    expect(page.get_by_text("Đã ghi vào hồ sơ lúc")).to_be_visible()
    assert Cadre.objects.count() == 307

    # The check follows by itself; the overview leads to a plan and says what is wrong with it.
    page.wait_for_function(
        "async () => (await (await fetch('/')).text()).includes('kế hoạch theo tiêu chí')",
        polling=500,
    )
    page.goto(f"{live_server.url}/quy-hoach/")
    page.get_by_role("main").get_by_role("link", name="Sở Y tế").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sở Y tế")
    expect(page.get_by_text("Chưa đạt").first).to_be_visible()

    # Take the result away.
    page.goto(f"{live_server.url}/ket-qua/?tieu-chi=planning.women_share")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kết quả")
    with page.expect_download() as download:
        page.get_by_role("link", name="Xuất XLSX").click()
    taken = tmp_path / "ket-qua.xlsx"
    download.value.save_as(taken)
    sheet = openpyxl.load_workbook(taken, read_only=True).worksheets[0]
    failing = sum(
        1 for row in ComplianceState.objects.filter(kind__in=[1, 2]) if row.outcomes[2] == 3
    )
    rows = [row for row in sheet.iter_rows(values_only=True) if "Tỷ lệ nữ" in map(str, row)]
    assert len(rows) == failing > 0


def test_a_broken_workbook_is_refused_with_its_cell(
    live_server: LiveServer, celery_workers: CeleryWorkers, page: Page, officer: Any
) -> None:
    celery_workers.start()
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    sign_in(page, live_server, officer)
    page.goto(f"{live_server.url}/nhap-du-lieu/")
    page.set_input_files("input[type=file]", WORKBOOK.parent / "broken" / "three-faults.xlsx")
    page.get_by_role("button", name="Tải lên và kiểm tra").click()
    for sheet in ("cadres", "ballots", "plans"):
        expect(page.get_by_role("main").get_by_text(sheet).first).to_be_visible()
    expect(page.get_by_role("button", name="Ghi vào hồ sơ")).to_have_count(0)
    assert not Cadre.objects.exists()
