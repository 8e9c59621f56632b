"""An inspection from its opening to the last recommendation closed, by five people in a browser."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from cadre_portal.celery import app
from cadre_portal.common import clock
from cadres.models import User
from inspections.choices import MinutesKind, RemedyState, Stage
from inspections.models import Finding, Inspection, Recommendation
from tests import factories
from tests.cast import Organisation
from tests.journeys.desk import PATIENCE, Desk

pytestmark = pytest.mark.django_db(transaction=True)


def vi(day: dt.date) -> str:
    return f"{day:%d/%m/%Y}"


def onward(desk: Desk, home: str, stage: Stage) -> None:
    """Begin the next step from the page of the inspection."""
    page = desk.open(home)
    desk.press(f"Sang bước {stage.label}")
    expect(page.get_by_text(f"Cuộc kiểm tra ở bước “{str(stage.label).lower()}”.")).to_be_visible()


def file_of(page: Page, press: Callable[[], None]) -> bytes:
    """What is downloaded."""
    with page.expect_download() as waiting:
        press()
    return waiting.value.path().read_bytes()


def answers(desk: Desk, path: str) -> int:
    """The status of an address."""
    status: int = desk.page.request.get(desk.base + path).status
    return status


def minuted(kind: str, home: str, unit: int, secretary: Desk, team: Desk, officer: Desk) -> None:
    """The secretary writes minutes, the lead signs them, then the unit."""
    page = secretary.open(f"{home}bien-ban/them/?loai={kind}&don-vi={unit}")
    page.get_by_label("Nội dung", exact=True).fill("Hai bên đối chiếu hồ sơ và thống nhất.")
    secretary.press("Lưu biên bản")
    expect(page.get_by_text("Đã lưu biên bản.")).to_be_visible()
    here = page.url.removeprefix(secretary.base)
    page = team.open(here)
    team.press("Ký thay mặt đoàn, gửi đơn vị ký")
    expect(page.get_by_text("Đã ký thay mặt đoàn và gửi đơn vị ký.")).to_be_visible()
    number = here.rstrip("/").rpartition("/")[2]
    page = officer.open(f"/kiem-tra/don-vi/{unit}/bien-ban/{number}/")
    page.get_by_label("Người ký của đơn vị").fill("Nông Văn Nhất, Giám đốc")
    officer.press("Ký biên bản")
    expect(page.get_by_text("Đã ký biên bản.")).to_be_visible()


def test_from_the_decision_to_the_last_recommendation(
    organisation: Organisation,
    provincial_officer: User,
    unit_officer: User,
    approver: User,
    signed_in: Callable[[User], Client],
    browser: Browser,
    live_server: LiveServer,
    browser_context_args: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # What a worker does is done at once.
    app.loader.import_default_modules()
    monkeypatch.setattr(
        "cadre_portal.common.jobs._send",
        lambda name, kwargs, _on_failure: app.tasks[name].apply(kwargs=kwargs),
    )
    expect.set_options(timeout=PATIENCE)
    today, unit = clock.today(), organisation.department
    leader = factories.UserFactory(username="truongdoan", full_name="Lương Thị Thảo")
    writer = factories.UserFactory(username="thuky", full_name="Vi Văn Lợi")
    office, team, secretary, officer, boss = (
        Desk(browser, live_server, signed_in(user), browser_context_args)
        for user in (provincial_officer, leader, writer, unit_officer, approver)
    )

    # The office opens it by a decision; the limits of the law stand beside the form.
    page = office.open("/kiem-tra/")
    office.follow("Lập cuộc kiểm tra")
    for label, text in (
        ("Tên cuộc kiểm tra", "Kiểm tra công tác quy hoạch"),
        ("Cơ quan kiểm tra", "CB"),
        ("Nội dung kiểm tra", "Công tác quy hoạch, luân chuyển cán bộ"),
        ("Quy định được kiểm tra việc thực hiện", "377-QĐ/TW"),
        ("Quyết định số", "214-QĐ/TU"),
        ("Ngày quyết định", vi(today)),
        ("Người, cơ quan ký", "Ban Thường vụ Tỉnh ủy"),
        ("Mốc thời gian kiểm tra từ ngày", "01/07/2025"),
        ("Mốc thời gian đến ngày", vi(today)),
        ("Bắt đầu kiểm tra ngày", vi(today)),
        ("Kết thúc ngày", vi(today + dt.timedelta(days=29))),
    ):
        page.get_by_label(label).first.fill(text)
    office.press("Lập cuộc kiểm tra")
    expect(page.get_by_text("Đã lập. Tiếp theo:")).to_be_visible()
    inspection = Inspection.objects.get()
    home = f"/kiem-tra/{inspection.pk}/"
    page = office.open(f"{home}don-vi/")
    page.get_by_label(unit.name, exact=True).check()
    page.get_by_label("Hạn nộp báo cáo tự kiểm tra").fill(vi(today))
    office.press("Lưu")
    expect(page.get_by_text("Đã lưu danh sách đơn vị.")).to_be_visible()
    page.get_by_label("Người đứng đầu").first.fill("Giám đốc Sở Nội vụ")
    office.press("Lưu")
    for name, role in (("Lương Thị Thảo", "Trưởng đoàn"), ("Vi Văn Lợi", "Thư ký")):
        office.open(f"{home}doan/?tim={name}")
        page.get_by_role("link", name=f"Chọn {name}").click()
        page.get_by_label("Vai trò").select_option(label=role)
        office.press("Đưa vào đoàn")
        expect(page.get_by_role("row").filter(has_text=name)).to_contain_text(role)

    # Before the decision is deployed the team reads nothing; from then on the unit alone.
    mine, another = f"/to-chuc/{unit.code}/", f"/to-chuc/{organisation.other.code}/"
    assert answers(team, mine) == 404
    onward(office, home, Stage.DEPLOYING)
    assert (answers(team, mine), answers(team, another)) == (200, 404)
    inspected = inspection.units.get()
    own = f"/kiem-tra/don-vi/{inspected.pk}/"
    minuted(MinutesKind.DEPLOY, home, inspected.pk, secretary, team, officer)

    # The unit answers two questions, one of them with a table that is filled in already.
    inspection.outline.filter(number__gt=2).delete()
    onward(office, home, Stage.SELF_REPORTING)
    page = officer.open(f"{own}tu-kiem-tra/")
    officer.follow("Bắt đầu trả lời")
    page.get_by_label("Trả lời").fill("Đã phân công đồng chí Phó Giám đốc phụ trách.")
    officer.press("Lưu, sang mục sau")
    expect(page.get_by_text("Điền sẵn, chưa lưu.")).to_be_visible()
    officer.press("Lưu, về báo cáo")
    expect(page.get_by_text("Đã lưu mục 2.")).to_be_visible()
    page = officer.open(f"{own}tu-kiem-tra/tu-nhan-xet/")
    page.get_by_label("Ưu điểm").fill("Quy hoạch được công khai.")
    page.get_by_label("Hạn chế, khuyết điểm").fill("Chưa rà soát hằng năm.")
    officer.press("Lưu")
    expect(page.get_by_text("Đã lưu phần tự nhận xét.")).to_be_visible()
    page = officer.open(f"{own}tu-kiem-tra/nop/")
    page.get_by_label("Báo cáo số").fill("41-BC/SNV")
    officer.press("Nộp báo cáo")
    expect(page.get_by_text("Đã nộp báo cáo tự kiểm tra.")).to_be_visible()
    onward(office, home, Stage.VERIFYING)

    # The team freezes the evidence and drafts from it.
    page = team.open(f"{home}bang-chung/")
    page.get_by_role("button", name=f"Chốt số liệu đến {vi(today)}").click()
    expect(page.get_by_text("Mã niêm phong").first).to_be_visible()
    page = secretary.open(f"{home}nhan-dinh/")
    secretary.press("Soạn từ số liệu đã chốt")
    expect(page.locator(".insp-card").first).to_be_visible()
    finding = Finding.objects.get(kind="shortcoming", topic="review")
    page = secretary.open(f"{home}nhan-dinh/{finding.pk}/sua/")
    page.get_by_label("Nội dung").fill("Quy hoạch lâu chưa được rà soát.")
    secretary.press("Lưu")
    expect(page.get_by_text("Đã lưu nhận định; nhận định chờ duyệt.")).to_be_visible()
    page = team.open(f"{home}nhan-dinh/?don-vi=tat-ca")
    page.get_by_text("Duyệt nhiều nhận định đang hiện").click()
    team.press("Duyệt các nhận định đã chọn")
    expect(page.get_by_role("button", name="Duyệt", exact=True)).to_have_count(0)

    # The unit says what it thinks of a finding; the team answers.
    page = officer.open(f"{own}nhan-dinh/")
    card = page.locator(f"#nd-{finding.pk}")
    expect(card).to_contain_text("Quy hoạch lâu chưa được rà soát")
    card.get_by_text("Gửi ý kiến về nhận định này").click()
    card.get_by_label("Ý kiến của đơn vị").fill("Sở vừa rà soát xong trong tháng này.")
    card.get_by_role("button", name="Gửi ý kiến").click()
    expect(page.get_by_text("Đã gửi ý kiến đến đoàn kiểm tra.")).to_be_visible()
    page = team.open(f"{home}nhan-dinh/{finding.pk}/")
    team.follow("Trả lời")
    page.get_by_label("Trả lời của đoàn").fill("Quyết định có sau ngày chốt số liệu.")
    team.press("Trả lời")
    page = officer.open(f"{own}nhan-dinh/")
    expect(page.locator(f"#nd-{finding.pk}")).to_contain_text("Quyết định có sau ngày chốt")

    # The report: put together, then signed from below.
    minuted(MinutesKind.WORKING, home, inspected.pk, secretary, team, officer)
    onward(team, home, Stage.REPORTING)
    page = secretary.open(f"{home}bao-cao/")
    secretary.follow("Tổng hợp từ nhận định đã duyệt")
    expect(page.get_by_label("Hạn chế, khuyết điểm")).to_have_value(
        re.compile("Quy hoạch lâu chưa được rà soát")
    )
    secretary.press("Lưu báo cáo")
    expect(page.get_by_text("Đã lưu báo cáo của đoàn.")).to_be_visible()
    team.open(f"{home}bao-cao/")
    expect(team.page.get_by_label("Báo cáo số")).to_have_count(0)
    secretary.press("Xác nhận đã tổng hợp xong")
    expect(page.get_by_text("Đã ký báo cáo của đoàn.")).to_be_visible()
    page = team.open(f"{home}bao-cao/")
    page.get_by_label("Báo cáo số").fill("05-BC/ĐKT")
    page.get_by_label("Ngày ký").fill(vi(today))
    team.press("Ký báo cáo")
    expect(page.get_by_text("Đã ký báo cáo của đoàn.")).to_be_visible()
    onward(team, home, Stage.CONCLUDING)

    # Somebody outside the team concludes.
    page = boss.open(f"{home}bao-cao/")
    boss.follow("Ban hành thông báo kết luận")
    page.get_by_label("Thông báo kết luận số").fill("45-TB/TU")
    page.get_by_label("Ngày ban hành").fill(vi(today))
    boss.press("Ban hành kết luận")
    expect(page.get_by_text("Đã ban hành thông báo kết luận.")).to_be_visible()

    # The notice as a Word file, and everything as one file.
    page = office.open(f"{home}van-ban/kt8/")
    word = file_of(page, lambda: page.get_by_role("button", name="Word").first.click())
    told = "\n".join(each.text for each in docx.Document(io.BytesIO(word)).paragraphs)
    assert "Quy hoạch lâu chưa được rà soát." in told
    office.open(f"{home}van-ban/")
    office.follow("Tải cả bộ")
    office.press("Lập bộ hồ sơ")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tệp đã xuất")
    whole = file_of(page, lambda: page.get_by_role("link", name="Tải tệp").first.click())
    with zipfile.ZipFile(io.BytesIO(whole)) as made:
        names = set(made.namelist())
    assert {"00-muc-luc.xlsx", "KT8/KT8.docx", "KT10/KT10.docx", "phu-luc/SNV.xlsx"} <= names

    # The unit reports what it did, and the office has the last word.
    asked = Recommendation.objects.filter(unit=unit, finding__topic="review").get()
    here = f"/kiem-tra/kien-nghi/{asked.pk}/"
    page = officer.open(f"{here}bao-cao/")
    page.get_by_label("Kết quả thực hiện").fill("Đã rà soát, bổ sung quy hoạch.")
    page.get_by_label("Ngày báo cáo").fill(vi(today))
    officer.press("Gửi báo cáo")
    expect(page.get_by_text("Đã rà soát, bổ sung quy hoạch.")).to_be_visible()
    page = office.open(here)
    office.follow("Kết thúc theo dõi")
    page.get_by_label("Căn cứ kết thúc").fill("Quyết định phê duyệt bổ sung.")
    office.press("Kết thúc theo dõi")
    expect(page.get_by_text("Đã kết thúc theo dõi kiến nghị.")).to_be_visible()
    asked.refresh_from_db()
    assert (asked.state, asked.closed_by) == (RemedyState.CLOSED, provincial_officer)
    for desk in (office, team, secretary, officer, boss):
        assert desk.complaints == []
