"""A unit answers the outline and signs minutes, a team reads and sends back, in their browsers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from cadre_portal.common import clock
from cadres.models import User
from inspections.choices import MinutesKind, ReportState, Stage, TeamRole
from inspections.models import InspectedUnit, Inspection, Minutes, SelfAnswer, SelfReport
from inspections.services import inspections as services
from inspections.services.mandate import member_set
from tests import factories
from tests.cast import Organisation
from tests.inspections.conftest import signatures
from tests.journeys.desk import PATIENCE, Desk

pytestmark = pytest.mark.django_db(transaction=True)


def opened(organisation: Organisation, officer: User, lead: User) -> InspectedUnit:
    """An inspection of Sở Nội vụ that asks three questions."""
    today = clock.today()
    inspection = services.inspection_open(
        actor=officer,
        values={
            "name": "Kiểm tra công tác quy hoạch",
            "unit": organisation.province,
            "decision_no": "214-QĐ/TU",
            "decision_on": today - dt.timedelta(days=5),
            "issuer": "Ban Thường vụ Tỉnh ủy",
            "subject": "Công tác quy hoạch",
            "law_examined": "377-QĐ/TW",
            "period_from": today - dt.timedelta(days=300),
            "period_to": today,
            "starts_on": today,
            "ends_on": today + dt.timedelta(days=20),
            "evidence_on": today,
        },
    )
    (inspected,) = services.units_set(
        actor=officer,
        inspection=inspection,
        rows=[{"unit": organisation.department, "head": "Giám đốc", "report_due_on": today}],
    )
    services.outline_set(
        actor=officer,
        inspection=inspection,
        items=[
            {"topic": "head", "kind": "text", "title": "Lãnh đạo, chỉ đạo", "help_text": ""},
            {"topic": "ages", "kind": "table", "table": "plans", "title": "Số lượng, cơ cấu"},
            {"topic": "process", "kind": "files", "title": "Văn bản", "help_text": ""},
        ],
    )
    member_set(actor=officer, inspection=inspection, user=lead, role=TeamRole.LEAD)
    Minutes.objects.create(
        inspection=inspection,
        kind=MinutesKind.DEPLOY,
        held_on=today,
        text="Công bố quyết định",
        **signatures(lead),
    )
    for _step in range(2):
        services.inspection_advance(actor=officer, inspection=inspection)
    return inspected


def test_answering_sending_back_and_signing(
    organisation: Organisation,
    provincial_officer: User,
    unit_officer: User,
    signed_in: Callable[[User], Client],
    browser: Browser,
    live_server: LiveServer,
    browser_context_args: dict[str, Any],
) -> None:
    expect.set_options(timeout=PATIENCE)
    leader = factories.UserFactory(username="truongdoan", full_name="Lương Thị Thảo")
    inspected = opened(organisation, provincial_officer, leader)
    team, officer, colleague = (
        Desk(browser, live_server, signed_in(user), browser_context_args)
        for user in (leader, unit_officer, provincial_officer)
    )
    own = f"/kiem-tra/don-vi/{inspected.pk}/"

    # Two open the first question; the second is shown both and loses nothing.
    page = officer.open(f"{own}tu-kiem-tra/")
    officer.follow("Bắt đầu trả lời")
    other = colleague.open(page.url.removeprefix(colleague.base))
    other.get_by_label("Trả lời").fill("Bản của người khác")
    colleague.press("Lưu")
    expect(other.get_by_text("Đã lưu mục 1.")).to_be_visible()
    page.get_by_label("Trả lời").fill("Đồng chí Phó Giám đốc phụ trách")
    officer.press("Lưu, sang mục sau")
    expect(page.get_by_text("Có người vừa sửa cùng mục này")).to_be_visible()
    expect(page.get_by_label("Trả lời", exact=False).first).to_have_value(
        "Đồng chí Phó Giám đốc phụ trách"
    )
    officer.press("Lưu, sang mục sau")

    # The table is there already; a number is put right, a file goes with the last one.
    expect(page.get_by_text("Điền sẵn, chưa lưu.")).to_be_visible()
    page.get_by_label("Số quy hoạch, Sở Nội vụ (cả kế hoạch)").fill("4")
    officer.press("Lưu, sang mục sau")
    page.get_by_label("Thêm tệp").set_input_files(
        {"name": "nghi-quyet.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    officer.press("Lưu, về báo cáo")
    officer.follow("Tự nhận xét và kiến nghị")
    page.get_by_label("Ưu điểm").fill("Rà soát đúng hạn")
    page.get_by_label("Hạn chế, khuyết điểm").fill("Ít cán bộ trẻ")
    officer.press("Lưu")
    officer.follow("Nộp báo cáo…")
    page.get_by_label("Báo cáo số").fill("45-BC/SNV")
    officer.press("Nộp báo cáo")
    expect(page.get_by_text("Đã nộp báo cáo tự kiểm tra.")).to_be_visible()
    assert SelfAnswer.objects.get(item__number=1).text == "Đồng chí Phó Giám đốc phụ trách"

    # The team sees where the table differs from the data, and sends that back.
    page = team.open(f"/kiem-tra/{inspected.inspection_id}/tu-kiem-tra/")
    team.follow("Sở Nội vụ")
    expect(page.get_by_text("1 chỗ khác dữ liệu hiện có")).to_be_visible()
    asked = page.locator("#muc-2")
    asked.get_by_text("Yêu cầu bổ sung mục này").click()
    asked.get_by_role("textbox").fill("Giải trình số người quy hoạch")
    team.press("Gửi yêu cầu bổ sung")
    expect(page.get_by_text("Đã gửi yêu cầu bổ sung đến đơn vị.")).to_be_visible()
    page = officer.open("/viec/")
    officer.follow("Sở Nội vụ: Kiểm tra công tác quy hoạch")
    officer.follow("Trả lời tiếp")
    page.get_by_label("Nhận xét, giải trình về số liệu").fill("Có ba đồng chí mới bổ sung")
    officer.press("Lưu")
    officer.open(f"{own}tu-kiem-tra/nop/")
    officer.press("Nộp báo cáo")
    expect(page.get_by_text("Đã nộp báo cáo tự kiểm tra.")).to_be_visible()
    assert SelfReport.objects.get().state == ReportState.SUBMITTED

    # Minutes: the team writes and signs, the unit signs.
    page = team.open(f"/kiem-tra/{inspected.inspection_id}/bien-ban/")
    page.get_by_text("Chưa có biên bản làm việc đã ký:").get_by_role("link").click()
    page.get_by_label("Nội dung").fill("Hai bên thống nhất số liệu.")
    team.press("Lưu biên bản")
    team.press("Ký thay mặt đoàn, gửi đơn vị ký")
    expect(page.get_by_text("Đã ký thay mặt đoàn và gửi đơn vị ký.")).to_be_visible()
    page = officer.open(f"{own}bien-ban/")
    page.get_by_role("row").filter(has_text="chờ đơn vị ký").get_by_role("link").click()
    page.get_by_label("Người ký của đơn vị").fill("Nông Thị Ánh, Giám đốc")
    officer.press("Ký biên bản")
    expect(page.get_by_text("Từ giờ biên bản không sửa được nữa.")).to_be_visible()
    assert Minutes.objects.get(kind=MinutesKind.WORKING).is_signed
    assert Inspection.objects.get().stage == Stage.SELF_REPORTING
    assert not (team.complaints + officer.complaints + colleague.complaints)
