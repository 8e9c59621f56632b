"""Choosing among several files by mouse: a page, a unit, everything that was found."""

import pytest

from cadres.models import User
from tests.rotation.conftest import Open, Stage, propose
from tests.rotation.test_together import many

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_number_beside_the_button_is_what_will_be_sent(
    stage: Stage, provincial_officer: User, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rotation.views.together.PER_PAGE", 4)
    many(stage, provincial_officer, 7, is_sent=False)
    propose(stage, provincial_officer)
    page = opened("/luan-chuyen/trinh/")
    told = page.locator("[data-selected-count]")
    assert told.inner_text() == "4 hồ sơ được chọn"
    page.locator("[data-select-row]").first.uncheck()
    assert told.inner_text() == "3 hồ sơ được chọn"
    heading = page.locator("[data-select-group]").first
    assert heading.evaluate("box => box.indeterminate")
    heading.check()
    assert told.inner_text() == "4 hồ sơ được chọn"
    heading.uncheck()
    assert told.inner_text() == "0 hồ sơ được chọn"
    page.locator("[data-select-whole]").check()
    assert told.inner_text() == "8 hồ sơ được chọn"
    assert page.locator("[data-select-row]:enabled").count() == 0
    page.get_by_role("button", name="Xét lại theo lựa chọn").click()
    assert page.get_by_role("heading", name="0 trên 8 hồ sơ được chọn trình được").is_visible()
    assert page.get_by_role("heading", name="Vướng ở trang khác").is_visible()
