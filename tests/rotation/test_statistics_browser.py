"""Statistics and effects in a real browser: accessible, on a phone, from a figure to the people."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from cadre_portal.common import clock
from cadres.models import User
from rotation.choices import PlanState
from tests import factories
from tests.cast import Organisation
from tests.rotation.conftest import TODAY, Open, Stage, propose, year_plan
from tests.rotation.test_statistics import History
from tests.support.axe import in_light_and_dark

URL = reverse("rotation:statistics")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    # Before the session is made: a cookie of another day would be out of date.
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def many(organisation: Organisation) -> History:
    """More units than the picture names, so that it is wider than a phone."""
    history = History(organisation)
    year_plan(2025, PlanState.APPROVED, targets={organisation.department: (3, 0)})
    for number in range(9):
        unit = factories.UnitFactory(parent=organisation.province, name=f"Sở Thứ {number}")
        cadre = factories.CadreFactory(code=f"CB-X{number}")
        history.move(cadre, unit, organisation.other, "2025-03-01")
    return history


def test_axe_finds_nothing(opened: Open, many: History) -> None:
    assert in_light_and_dark(opened(URL)) == []


def test_on_a_phone_the_picture_scrolls_in_its_box(opened: Open, many: History) -> None:
    page = opened("/")
    page.set_viewport_size({"width": 360, "height": 780})
    opened(URL)
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overflow) == 0
    box = page.locator("#noi-di-noi-den .scroll")
    assert box.evaluate("each => each.scrollWidth > each.clientWidth")
    first = box.locator("tbody th").first
    before = first.bounding_box()
    box.evaluate("each => { each.scrollLeft = 120 }")
    # Who sends stays in sight.
    assert first.bounding_box() == before


def test_from_a_figure_to_the_people(opened: Open, many: History) -> None:
    page = opened(URL)
    page.locator("#tu-choi tbody tr", has_text="Hoàn cảnh gia đình").get_by_role(
        "link"
    ).last.click()
    people = page.locator("#danh-sach tbody tr")
    expect(people).to_have_count(1)
    expect(people).to_contain_text("home")
    expect(page.locator("#danh-sach")).to_contain_text("Lý do từ chối")
    page.locator("#noi-di-noi-den").get_by_role("link", name="Sở Nội vụ đến Sở Y tế").click()
    expect(page.locator("#danh-sach tbody tr")).to_have_count(3)


def test_the_effect_comes_by_itself(opened: Open, stage: Stage, provincial_officer: User) -> None:
    rotation = propose(stage, provincial_officer)
    page = opened(reverse("rotation:rotation-detail", args=[rotation.pk]))
    part = page.locator("#tac-dong")
    part.scroll_into_view_if_needed()
    expect(part).to_contain_text("nếu thực hiện, xét ngày 01/01/2027")
    expect(part).to_contain_text("còn trống 2")
