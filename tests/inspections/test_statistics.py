"""Statistics over inspections: numbers by hand, every figure leads to its rows, scope, queries."""

import datetime as dt
import html
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadre_portal.common import clock
from cadres.models import User
from inspections.choices import FindingKind, FindingState, Severity, Stage, Topic
from inspections.models import Finding, InspectedUnit, Inspection
from inspections.selectors.statistics import FINDINGS, INSPECTIONS, REMEDIES, UNITS, numbers_of
from inspections.services.followup import remedy_close
from tests.inspections.conftest import TODAY, Scene, advance
from tests.inspections.remedies import another, conclude, recommend

Browser = Callable[[User], Client]
URL = reverse("inspections:inspection-statistics")


def find(inspected: InspectedUnit, topic: Topic, kind: FindingKind, **more: object) -> Finding:
    values = {"text": f"Về {topic.label}", "state": FindingState.APPROVED, "severity": None}
    return Finding.objects.create(
        inspection=inspected.inspection,
        inspected_unit=inspected,
        topic=topic,
        kind=kind,
        **values | more,  # type: ignore[arg-type]
    )


@pytest.fixture
def counted(scene: Scene, approver: User) -> None:
    """An inspection of 2024 concluded after forty days, one of 2026, one that runs."""
    [old] = another(scene, [scene.organisation.department])
    find(old, Topic.AGES, FindingKind.SHORTCOMING, severity=Severity.GRAVE)
    find(old, Topic.MINORITY, FindingKind.STRENGTH)
    first = recommend(old, due_on=dt.date(2024, 6, 30))
    second = recommend(old, rule="", topic=Topic.WOMEN, due_on=dt.date(2024, 6, 30))
    conclude(old.inspection, approver, dt.date(2024, 4, 10), "1-TB/TU")
    for row, days in ((first, 30), (second, 200)):
        with clock.frozen(dt.date(2024, 4, 10) + dt.timedelta(days=days)):
            remedy_close(actor=scene.officer, recommendation=row, grounds="Xong")
    find(scene.department, Topic.AGES, FindingKind.VIOLATION, severity=Severity.LIGHT)
    find(scene.other, Topic.AGES, FindingKind.SHORTCOMING)
    find(
        scene.other,
        Topic.OTHER,
        FindingKind.SHORTCOMING,
        state=FindingState.DROPPED,
        dropped_for="Trùng",
    )
    recommend(scene.department, due_on=TODAY - dt.timedelta(days=1))
    advance(scene, Stage.DEPLOYING)
    conclude(scene.inspection, approver)
    [running] = another(scene, [scene.organisation.other], "Đang kiểm tra")
    find(running, Topic.HEAD, FindingKind.SHORTCOMING)
    Inspection.objects.filter(pk=running.inspection_id).update(
        stage=Stage.VERIFYING, starts_on=dt.date(2026, 11, 1), ends_on=dt.date(2026, 12, 10)
    )
    another(scene, [scene.organisation.other], "Mới chuẩn bị")


def test_the_numbers(counted: None, scene: Scene) -> None:
    numbers = numbers_of(scene.officer, range(2024, 2027))
    assert numbers.tally(INSPECTIONS, "nam") == {("2024",): 1, ("2026",): 2}
    assert numbers.tally(INSPECTIONS, "nam", "ket-luan") == {("2024", "co"): 1, ("2026", "co"): 1}
    assert numbers.tally(UNITS, "nam") == {("2024",): 1, ("2026",): 3}
    assert numbers.different_units == 2
    assert numbers.tally(FINDINGS, "chu-de", "loai") == {
        ("ages", "shortcoming"): 2,
        ("ages", "violation"): 1,
        ("minority", "strength"): 1,
    }  # drafts of the running one and dropped ones do not count
    assert numbers.tally(FINDINGS, "muc", "han-che") == {
        ("3", "co"): 1,
        ("1", "co"): 1,
        ("khong", "co"): 1,
    }
    # Sở Nội vụ was criticised for its age bands twice.
    assert numbers.tally(FINDINGS, "chu-de", "lap") == {("ages", "co"): 2}
    assert numbers.tally(REMEDIES, "trang-thai") == {("closed",): 2, ("open",): 1}
    assert numbers.tally(REMEDIES, "lau") == {("0",): 1, ("181",): 1}
    assert numbers.tally(REMEDIES, "tre") == {("khong",): 1, ("co",): 1}
    assert numbers.tally(REMEDIES, "qua-han") == {("co",): 1}
    assert numbers.tally(REMEDIES, "lap") == {("co",): 1}
    assert numbers.middle_days == 115
    assert numbers_of(scene.officer, range(2025, 2026)).rows[INSPECTIONS] == []


def test_every_figure_leads_to_as_many_rows(
    counted: None, scene: Scene, signed_in: Browser
) -> None:
    browser = signed_in(scene.officer)
    page = html.unescape(browser.get(URL).content.decode())
    links = set(re.findall(r'<td class="num[^"]*">\s*<a href="([^"]+)">(\d+)</a>', page))
    assert len(links) > 20
    for address, number in links:
        listed = html.unescape(browser.get(address.partition("#")[0]).content.decode())
        below = listed[listed.index('id="danh-sach"') :]
        assert below.count('<tr class="row-link') == int(number), address


def test_only_the_inspecting_side_counts(
    counted: None, scene: Scene, approver: User, unit_officer: User, signed_in: Browser
) -> None:
    every = range(2020, 2027)
    assert len(numbers_of(approver, every).rows[INSPECTIONS]) == 3
    assert numbers_of(scene.lead, every).rows[INSPECTIONS] == []  # in the team, not of the body
    for user in (unit_officer, scene.lead, scene.outsider):
        assert signed_in(user).get(URL).status_code == 403
    other_body = User.objects.get(pk=unit_officer.pk)
    assert numbers_of(other_body, every).rows[UNITS] == []


def test_the_address_is_forgiven(counted: None, scene: Scene, signed_in: Browser) -> None:
    browser = signed_in(scene.officer)
    for query in (
        "?tu-nam=x&den-nam=9999",
        "?tu-nam=2026&den-nam=2020",
        "?xem=gi-do&nam=abc",
        "?xem=kien-nghi&lau=7&loai=shortcoming",
    ):
        assert browser.get(URL + query).status_code == 200


def test_the_number_of_queries_does_not_grow(
    scene: Scene, approver: User, signed_in: Browser
) -> None:
    browser, counts = signed_in(scene.officer), []
    for number in (1, 6):
        for time in range(number):
            [more] = another(scene, [scene.organisation.department], f"Lần {number} {time}")
            find(more, Topic.AGES, FindingKind.SHORTCOMING)
            recommend(more)
            conclude(more.inspection, approver, dt.date(2024, 4, 10), f"{number}-{time}")
        browser.get(URL)
        with CaptureQueriesContext(connection) as seen:
            browser.get(f"{URL}?xem=nhan-dinh")
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[0] <= 14
