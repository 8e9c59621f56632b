"""A year of planning by four people in a browser: asked, prepared, given back, approved, read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from cadre_portal.common import clock
from cadres.choices import Degree, Theory
from cadres.models import Cadre, User
from planning.choices import PlanStatus
from planning.models import Ballot, Dossier, Nomination, PlanSnapshot
from tests import factories
from tests.cast import Organisation
from tests.journeys.desk import PATIENCE, Desk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def newcomer(organisation: Organisation, monkeypatch: pytest.MonkeyPatch) -> Cadre:
    """A deputy director who could lead next; no broker is needed for what follows."""
    monkeypatch.setattr("cadre_portal.common.jobs._send", lambda *_args: None)
    cadre = factories.CadreFactory(
        code="CB-MOI",
        full_name="Vàng Thị Mỷ",
        sex="female",
        birth_date=dt.date(1988, 3, 4),
        degree=Degree.MASTER,
        theory=Theory.ADVANCED,
    )
    factories.PositionFactory(unit=organisation.department, title=organisation.deputy)
    factories.AppointmentFactory(
        cadre=cadre, unit=organisation.department, title=organisation.deputy
    )
    factories.EvaluationFactory(
        cadre=cadre, unit=organisation.department, year=clock.today().year - 1
    )
    return cadre


def hold(desk: Desk, step: str, day: dt.date, *, ballots: bool) -> None:
    """Write a step down from the page of the dossier."""
    page = desk.page
    desk.follow(step)
    page.get_by_label("Ngày tổ chức").fill(f"{day:%d/%m/%Y}")
    page.get_by_label("Biên bản số").fill("05-BB/ĐU")
    page.get_by_label("Triệu tập").fill("20")
    page.get_by_label("Có mặt").fill("19")
    if ballots:
        for name, number in (("phát ra", 19), ("thu về", 19), ("hợp lệ", 18), ("đồng ý", 15)):
            page.get_by_role("textbox", name=f"Vàng Thị Mỷ {name}").fill(str(number))
    desk.press("Ghi")
    expect(page.get_by_text("Đã ghi bước")).to_be_visible()


def test_a_year_of_four_people(
    organisation: Organisation,
    newcomer: Cadre,
    provincial_officer: User,
    unit_officer: User,
    approver: User,
    inspector: User,
    signed_in: Callable[[User], Client],
    browser: Browser,
    live_server: LiveServer,
    browser_context_args: dict[str, Any],
) -> None:
    expect.set_options(timeout=PATIENCE)
    province, office, boss, team = (
        Desk(browser, live_server, signed_in(user), browser_context_args)
        for user in (provincial_officer, unit_officer, approver, inspector)
    )
    today, plan = clock.today(), organisation.plan

    # The province asks for the yearly review.
    province.open("/quy-hoach/dot/moi/")
    province.page.get_by_label("Tên đợt").fill("Rà soát năm nay")
    province.page.get_by_label("Nhiệm kỳ").select_option(label=str(plan.term))
    province.page.get_by_label("Hạn trình").fill(f"{today + dt.timedelta(days=30):%d/%m/%Y}")
    province.press("Mở đợt")
    expect(province.page.get_by_role("heading", level=1)).to_have_text("Rà soát năm nay")

    # The unit finds it among what waits, reviews, adds somebody and sees what it does.
    page = office.open("/viec/")
    office.follow("Sở Nội vụ: Rà soát năm nay")
    office.press("Lập hồ sơ")
    office.follow("Rà soát hằng năm")
    page.get_by_label("Tiếp tục quy hoạch").check()
    office.press("Lưu rà soát")
    expect(page.get_by_text("Mọi người trong kế hoạch đã được rà soát.")).to_be_visible()
    office.follow("Nhân sự")
    page.locator(f"#them-{organisation.pool.pk}").click()
    page.get_by_role("link", name="hêm Vàng Thị Mỷ").first.click()
    expect(page.get_by_text("Nếu lưu 1 thay đổi")).to_be_visible()
    office.press("Lưu thay đổi")
    expect(page.get_by_text("Nếu lưu 1 thay đổi")).to_have_count(0)
    assert not Nomination.objects.filter(cadre=newcomer).exists()

    office.follow("Hồ sơ trình")
    before = today - dt.timedelta(days=10)
    for number, step in enumerate(
        (
            "Hội nghị tập thể lãnh đạo lần 1",
            "Hội nghị cán bộ chủ chốt",
            "Hội nghị tập thể lãnh đạo mở rộng",
            "Hội nghị tập thể lãnh đạo lần 2",
        )
    ):
        hold(office, step, before + dt.timedelta(days=number), ballots=number > 0)
    submit(office, "12-TTr/ĐU")

    # The approver gives it back with a remark on one person; the unit answers; it is approved.
    boss.open("/thong-bao/")
    boss.press("Sở Nội vụ đã trình hồ sơ “Rà soát năm nay”, chờ phê duyệt.")
    boss.follow("Trả lại")
    boss.page.get_by_label("Lý do trả lại").fill("Bổ sung nhận xét của chi ủy nơi cư trú.")
    boss.page.get_by_label("Ý kiến về Vàng Thị Mỷ").fill("Chưa rõ kết quả học tập")
    boss.press("Trả lại")
    expect(boss.page.get_by_text("Đã trả lại hồ sơ cho đơn vị.")).to_be_visible()
    office.open("/viec/")
    office.follow("Sở Nội vụ: Rà soát năm nay")
    expect(page.get_by_text("Chưa rõ kết quả học tập")).to_be_visible()
    submit(office, "15-TTr/ĐU")
    boss.open("/viec/")
    boss.follow("Sở Nội vụ: Rà soát năm nay")
    boss.follow("Phê duyệt")
    boss.page.get_by_label("Quyết định số").fill("287-QĐ/TU")
    boss.press("Phê duyệt")
    expect(boss.page.get_by_text("Đã phê duyệt. Danh sách quy hoạch")).to_be_visible()

    dossier = Dossier.objects.get()
    assert dossier.status == PlanStatus.APPROVED
    assert Nomination.objects.get(cadre=newcomer).nominated_on == today
    assert Ballot.objects.filter(cadre=newcomer).count() == 3
    assert len(PlanSnapshot.objects.get().people) == 2

    # The inspection team reads all of it and changes nothing.
    team.open(f"/quy-hoach/{plan.pk}/")
    expect(team.page.get_by_text("Vàng Thị Mỷ").first).to_be_visible()
    expect(team.page.get_by_text("Thêm người")).to_have_count(0)
    team.follow("Lịch sử")
    for words in ("bước đã tổ chức (2)", "Đã phê duyệt", "287-QĐ/TU", "15-TTr/ĐU"):
        expect(team.page.get_by_text(words).first).to_be_visible()
    assert "người được quy hoạch: Vàng Thị Mỷ, Giám đốc" in team.page.content()
    team.follow("So với phê duyệt")
    expect(team.page.get_by_text("Không có thay đổi từ khi phê duyệt")).to_be_visible()
    for desk in (province, office, boss, team):
        assert not desk.complaints


def submit(desk: Desk, number: str) -> None:
    desk.follow("Trình phê duyệt")
    desk.page.get_by_label("Tờ trình số").fill(number)
    desk.press("Trình")
    expect(desk.page.get_by_text("Đã trình hồ sơ.")).to_be_visible()
