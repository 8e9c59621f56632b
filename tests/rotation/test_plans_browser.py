"""The plan of a year and the solver's page in a real browser: keyboard, phone, accessibility."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from cadre_portal.common import clock
from cadres.models import User
from rotation.models import Rotation, RotationPlan, RotationTarget
from tests import factories
from tests.cast import Organisation
from tests.rotation.conftest import TODAY, Open
from tests.rotation.test_proposals import Case
from tests.support.axe import in_light_and_dark

pytestmark = pytest.mark.django_db(transaction=True)
DETAIL, GRID = "/luan-chuyen/ke-hoach/2027/", "/luan-chuyen/ke-hoach/2027/chi-tieu/"
PROPOSALS = "/luan-chuyen/phuong-an/?tim=1&tu-ngay=01/01/2027&nhom=experience&toi-da=20"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    # Before the session is made: a cookie of another day would be out of date.
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def plan(organisation: Organisation, provincial_officer: User) -> RotationPlan:
    """A draft with a target, a move that counts, and somebody who could be moved."""
    made: RotationPlan = factories.RotationPlanFactory()
    factories.RotationTargetFactory(plan=made, unit=organisation.department, send=2, receive=0)
    factories.RotationFactory(
        from_unit=organisation.department, to_unit=organisation.other, plan=made
    )
    case = Case(organisation, provincial_officer)
    case.post(case.commune("X1"), organisation.deputy)
    case.person("A", organisation.department, organisation.deputy)
    return made


def test_pages_are_accessible_and_fit_a_phone(opened: Open, plan: RotationPlan) -> None:
    for path in (DETAIL, GRID, PROPOSALS, "/luan-chuyen/ke-hoach/"):
        page = opened(path)
        assert in_light_and_dark(page) == [], path
        size = page.viewport_size
        page.set_viewport_size({"width": 360, "height": 780})
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(overflow) == 0, path
        page.set_viewport_size(size)


def test_the_grid_is_filled_and_saved_by_keyboard(
    opened: Open, plan: RotationPlan, organisation: Organisation
) -> None:
    page = opened(GRID)
    first = page.locator(f'[name="send-{organisation.department.pk}"]')
    first.focus()
    first.fill("4")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("3")
    expect(page.locator('[data-total="send"]')).to_have_text("7")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(first).to_be_focused()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Đã lưu chỉ tiêu của 2 đơn vị.")).to_be_visible()
    sums = list(RotationTarget.objects.order_by("send").values_list("send", flat=True))
    assert sums == [3, 4]


def test_from_a_search_to_a_proposal(opened: Open, plan: RotationPlan) -> None:
    page = opened("/luan-chuyen/ke-hoach/2027/")
    page.get_by_role("link", name="Tìm phương án").click()
    expect(page.get_by_label("Bắt đầu từ ngày")).to_have_value("01/01/2027")
    page.get_by_role("button", name="Tìm phương án").click()
    page.get_by_role("link", name="Giữ Nông Văn A").click()
    expect(page.get_by_text("đồng chí giữ")).to_be_visible()
    page.get_by_label("Chọn Nông Văn A").check()
    page.get_by_role("button", name="Lập đề xuất cho những người đã chọn").click()
    expect(page.get_by_text("Đã lập 1 đề xuất.")).to_be_visible()
    assert Rotation.objects.filter(plan=plan, cadre__code="A").count() == 1
