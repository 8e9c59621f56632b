"""A rotation from the need to what follows, by four people in a browser."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from cadre_portal.common import clock
from cadres.models import Appointment, User
from rotation.choices import RotationStatus
from rotation.models import Rotation
from tests import factories
from tests.cast import Organisation
from tests.journeys.desk import PATIENCE, Desk

pytestmark = pytest.mark.django_db(transaction=True)


def vi(day: dt.date) -> str:
    return f"{day:%d/%m/%Y}"


def test_from_the_need_to_the_way_back(
    organisation: Organisation,
    provincial_officer: User,
    other_unit_officer: User,
    approver: User,
    signed_in: Callable[[User], Client],
    browser: Browser,
    live_server: LiveServer,
    browser_context_args: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # No broker is needed for what follows.
    monkeypatch.setattr("cadre_portal.common.jobs._send", lambda *_args: None)
    expect.set_options(timeout=PATIENCE)
    today = clock.today()
    start = dt.date(2025, 6, 1)
    deputy = organisation.deputy
    person = factories.CadreFactory(
        code="CB-LC", full_name="Nông Văn Luân", birth_date=dt.date(1988, 5, 5)
    )
    for unit in (organisation.department, organisation.other):
        factories.PositionFactory(unit=unit, title=deputy)
    post = factories.AppointmentFactory(
        cadre=person, unit=organisation.department, title=deputy, start_on=dt.date(2020, 1, 1)
    )
    factories.NominationFactory(pool=organisation.pool, cadre=person)
    province, away, boss = (
        Desk(browser, live_server, signed_in(user), browser_context_args)
        for user in (provincial_officer, other_unit_officer, approver)
    )

    # Whose plan asks for experience elsewhere is found, and proposed from there.
    page = province.open("/luan-chuyen/nhu-cau/")
    row = page.get_by_role("row").filter(has_text="Nông Văn Luân").first
    row.get_by_role("link", name="Đề xuất").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nông Văn Luân")
    page.get_by_label("Chức vụ nơi đến").fill("SYT/PGD")
    page.get_by_label("Từ ngày").fill(vi(start))
    page.get_by_label("Dự kiến đến ngày").fill(vi(start.replace(year=start.year + 3)))
    province.press("Lập đề xuất")
    expect(page.get_by_text("Đã lập đề xuất.")).to_be_visible()
    rotation = Rotation.objects.get()
    here = f"/luan-chuyen/{rotation.pk}/"

    # What it does to both units' plans is shown by the engine.
    page.locator("#tac-dong").scroll_into_view_if_needed()
    expect(page.locator("#tac-dong")).to_contain_text("Sở Y tế")

    # Everybody is heard; the receiving unit speaks for itself.
    page = away.open("/viec/")
    away.open(f"{here}y-kien/receiving/")
    page.get_by_label("Đồng ý, có đề nghị").check()
    page.get_by_label("Nội dung").fill("Đề nghị bố trí nhà công vụ")
    away.press("Ghi")
    expect(page.get_by_text("Đã ghi ý kiến.")).to_be_visible()
    page = province.page
    for side in ("person", "sending"):
        province.open(f"{here}y-kien/{side}/")
        page.get_by_label("Đồng ý", exact=True).check()
        province.press("Ghi")
        expect(page.get_by_text("Đã ghi ý kiến.")).to_be_visible()
    province.follow("Trình quyết định")
    page.get_by_label("Tờ trình số").fill("12-TTr/BTCTU")
    province.press("Trình")
    expect(page.get_by_text("Đã trình.")).to_be_visible()

    # The approver finds it among what waits, and decides.
    page = boss.open(here)
    expect(page.get_by_text("Đề nghị bố trí nhà công vụ")).to_be_visible()
    boss.follow("Phê duyệt")
    page.get_by_label("Quyết định số").fill("45-QĐ/TU")
    boss.press("Phê duyệt")
    expect(page.get_by_text("Đã phê duyệt.")).to_be_visible()
    post.refresh_from_db()
    assert post.end_on == start
    tour = Appointment.objects.get(cadre=person, unit=organisation.other)
    assert (tour.start_on, tour.decision_no) == (start, "45-QĐ/TU")

    # The receiving unit reports; the tour is in the person's file.
    page = away.open(f"{here}nhan-xet/")
    page.get_by_label("Xếp loại").select_option(label="Hoàn thành tốt nhiệm vụ")
    page.get_by_label("Nhận xét", exact=True).fill("Chủ động, sâu sát cơ sở")
    away.press("Ghi")
    expect(page.get_by_text("Đã ghi nhận xét.")).to_be_visible()
    page = province.open("/ho-so/CB-LC/?phan=luan-chuyen")
    expect(page.get_by_text("Đang thực hiện")).to_be_visible()

    # It ends before its time, which asks for a reason; who returns gets the post at home.
    page = province.open(f"{here}ket-thuc/")
    page.get_by_label("Ngày kết thúc").fill(vi(today))
    page.get_by_label("Bố trí sau luân chuyển").fill("SNV/PGD")
    page.get_by_label("Quyết định bố trí số").fill("60-QĐ/TU")
    province.press("Ghi kết thúc")
    expect(page.get_by_text("Kết thúc trước thời gian tối thiểu").first).to_be_visible()
    page.get_by_label("Nhóm lý do kết thúc sớm").select_option(index=1)
    page.get_by_label("Lý do, ghi chú").fill("Bố trí theo yêu cầu nhiệm vụ")
    province.press("Ghi kết thúc")
    expect(page.get_by_text("Đã ghi kết thúc.")).to_be_visible()
    expect(page.get_by_text("Phó Giám đốc, Sở Nội vụ").last).to_be_visible()
    tour.refresh_from_db()
    assert tour.end_on == today
    assert Appointment.objects.filter(decision_no="60-QĐ/TU", unit=organisation.department).exists()

    # The wrong person was ended, and sent: both are taken back, and the career is as it was.
    province.open(here)
    province.press("Bỏ việc kết thúc")
    expect(page.get_by_text("Đã bỏ việc kết thúc")).to_be_visible()
    page = boss.open(f"{here}huy/")
    page.get_by_label("Lý do hủy").fill("Điều chỉnh phương án nhân sự")
    boss.press("Hủy lượt này")
    expect(page.get_by_text("Đã hủy.")).to_be_visible()
    post.refresh_from_db()
    assert post.end_on is None
    assert not Appointment.objects.filter(cadre=person, unit=organisation.other).exists()
    rotation.refresh_from_db()
    assert rotation.status == RotationStatus.CANCELLED
    assert province.complaints == away.complaints == boss.complaints == []
