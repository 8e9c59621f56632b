"""Luân chuyển: the sentence, the figures with their ways down, who is due, the tours."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadres.models import User
from rotation.choices import (
    DeclineReason,
    EndReason,
    NeedReason,
    PlanState,
    RotationStatus,
)
from rotation.contexts.overview import sample
from rotation.selectors.need import Need
from tests import factories
from tests.cast import Organisation
from tests.rotation.conftest import TODAY, year_plan
from tests.rotation.test_needs import serving, tour
from tests.rotation.test_timeline import ended

Browser = Callable[[User], Client]
URL = reverse("rotation:rotation-list")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def tiles(browser: Client, **query: str) -> list[tuple[str, str, str]]:
    page = browser.get(URL, query)
    return [(tile["label"], tile["figure"], tile["note"]) for tile in page.context["tiles"]]


def test_figures(
    organisation: Organisation,
    provincial_officer: User,
    auditor: User,
    signed_in: Browser,
) -> None:
    browser = signed_in(provincial_officer)
    assert tiles(browser) == [
        ("Kế hoạch năm 2026", "0", "lượt đã đi, chưa có kế hoạch được duyệt"),
        ("Đang luân chuyển", "0", "người"),
        ("Từ chối năm 2026", "0", ""),
        ("Kết thúc trước 36 tháng, từ 2022", "0/0", ""),
    ]
    year_plan(2026, PlanState.APPROVED, targets={organisation.department: (3, 0)})
    tour(organisation, to_unit=organisation.commune, start_on=dt.date(2026, 5, 1))
    tour(organisation, from_unit=organisation.commune)
    for kind in (DeclineReason.FAMILY, DeclineReason.FAMILY, DeclineReason.HEALTH):
        tour(
            organisation,
            status=RotationStatus.DECLINED,
            decline_kind=kind,
            declined_on=dt.date(2026, 7, 1),
        )
    tour(organisation, status=RotationStatus.DECLINED, declined_on=dt.date(2025, 7, 1))
    ended(organisation, dt.date(2025, 3, 1))
    ended(organisation, dt.date(2024, 3, 1), end_kind=EndReason.HEALTH, end_note="Ốm")
    assert tiles(browser) == [
        ("Kế hoạch năm 2026", "1/3", "lượt đã thực hiện"),
        ("Đang luân chuyển", "2", "người, 1 về cơ sở, 1 về cấp tỉnh"),
        ("Từ chối năm 2026", "3", "2 vì hoàn cảnh gia đình, 1 vì sức khỏe"),
        ("Kết thúc trước 36 tháng, từ 2022", "1/2", "50,0\xa0%, đều có lý do"),
    ]
    # The day before it was decided the plan asked for nothing.
    assert tiles(browser, ngay="2026-01-19")[0][1] == "0"
    # An auditor sees how many, not why.
    seen = tiles(signed_in(auditor))
    assert seen[2:] == [
        ("Từ chối năm 2026", "3", ""),
        ("Kết thúc trước 36 tháng, từ 2022", "1/2", "50,0\xa0%"),
    ]


def test_every_figure_leads_to_its_people(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    browser = signed_in(provincial_officer)
    tour(organisation, start_on=dt.date(2026, 5, 1))
    tour(organisation, status=RotationStatus.DECLINED, declined_on=dt.date(2026, 7, 1))
    ended(organisation, dt.date(2024, 3, 1))
    page = browser.get(URL)
    listed = []
    for tile in page.context["tiles"]:
        target = browser.get(tile["url"].split("#")[0])
        assert target.status_code == 200
        listed.append(target.context.get("listed") or target.context["page"].paginator.count)
    assert listed == [1, 1, 1, 1]


def test_page(
    organisation: Organisation, provincial_officer: User, unit_officer: User, signed_in: Browser
) -> None:
    head = serving(organisation.other, organisation.director, dt.date(2012, 1, 1))
    move = tour(organisation, planned_end_on=dt.date(2027, 3, 1))
    tour(organisation, cadre=move.cadre, status=RotationStatus.PROPOSED, start_on=None)
    done = ended(organisation, dt.date(2025, 3, 1))
    page = signed_in(provincial_officer).get(URL).content.decode()
    for text in (
        "Luân chuyển cán bộ năm 2026",
        "2 người đến hạn trong 12 tháng tới; 1 đã có phương án, 1 chưa.",
        "179/120",
        "hạn 01/03/2027",
        "Đang lấy ý kiến",
        "65-QĐ/TW (2022), Điều 4, khoản 2",
        "hết hạn 01/03/2027, phương án: Sở Y tế",
        reverse("rotation:rotation-detail", args=[done.pk]),
        reverse("rotation:rotation-propose") + f"?can-bo={head.code}&amp;can-cu=head_terms",
        "Nơi đi, nơi đến 2022–2026",
    ):
        assert text in page, text
    own = signed_in(unit_officer).get(URL).content.decode()
    assert "1 người đến hạn trong 12 tháng tới" in own
    assert "179/120" not in own
    earlier = signed_in(provincial_officer).get(URL, {"ngay": "2021-12-31"}).content.decode()
    assert "Luân chuyển cán bộ năm 2021" in earlier
    assert "Không ai đến hạn luân chuyển trong 12 tháng tới." in earlier


def test_nothing_yet(stranger: User, auditor: User, signed_in: Browser) -> None:
    for actor in (stranger, auditor):
        page = signed_in(actor).get(URL).content.decode()
        assert "Không ai đến hạn" in page
        assert "Chưa có đợt luân chuyển nào" in page
        assert "Đề xuất luân chuyển" not in page


def test_a_sample_names_every_reason() -> None:
    def need(reason: NeedReason, place: int) -> Any:
        return Need(
            reason=reason,
            outcome=None,
            code=f"{reason}{place}",
            name="",
            title="",
            unit="",
            months=None,
        )

    due = [need(NeedReason.LOCAL, place) for place in range(20)]
    due += [need(NeedReason.TOUR_LATE, 0), need(NeedReason.TOUR_ENDING, 0)]
    shown = [each.code for each in sample(due)]
    assert len(shown) == 8
    assert shown[-2:] == ["tour_late0", "tour_ending0"]
    assert shown[:6] == [f"local{place}" for place in range(6)]
    assert sample(due[:3]) == due[:3]


def test_queries_do_not_grow(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    browser = signed_in(unit_officer)

    def add(number: int) -> None:
        for year in range(number):
            serving(organisation.centre, organisation.director, dt.date(2012, 1, 1))
            cadre = tour(organisation, planned_end_on=TODAY).cadre
            tour(organisation, cadre=cadre, status=RotationStatus.APPROVED, start_on=None)
            done = ended(organisation, dt.date(2025, 3, 1), start_on=dt.date(2022, 1, 1 + year))
            factories.AppointmentFactory(cadre=done.cadre, start_on=dt.date(2025, 3, 1))
            tour(organisation, status=RotationStatus.DECLINED, declined_on=TODAY)

    def queries() -> int:
        with CaptureQueriesContext(connection) as told:
            assert browser.get(URL).status_code == 200
        return len(told)

    add(2)
    before = queries()
    add(9)
    assert queries() == before
    assert before <= 12
