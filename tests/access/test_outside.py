"""Nothing of others in any page, whatever one puts into an address.

What they tell without that: test_matrix.py and test_matrix_rooms.py, with each answer.
"""

from typing import Any

import pytest

from cadres.models import User
from compliance.models import ComplianceRun
from tests.access.test_matrix import (  # noqa: F401
    MATRIX,
    WITHIN,
    Browser,
    address,
    bare_refusals,
    checked,
    objects,
    of_others,
    words_of,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

ASKED = ("don-vi=SYT&don_vi=SYT", "ngay=2024-06-01&cu=1")


@pytest.mark.parametrize("role", WITHIN)
def test_no_page_tells_of_what_is_outside(
    role: str,
    cast: dict[str, User],
    checked: ComplianceRun,  # noqa: F811
    objects: dict[str, list[Any]],  # noqa: F811
    bare_refusals: None,  # noqa: F811
    signed_in: Browser,
) -> None:
    browser, told = signed_in(cast[role]), []
    for name in sorted(line.split()[1] for line in MATRIX if line.startswith("GET")):
        for query in ASKED:
            url = address(name, objects)
            response = browser.get(f"{url}{'&' if '?' in url else '?'}{query}")
            told += [f"{name}?{query}: {word}" for word in of_others(response)]
    assert told == []


def test_the_pages_do_tell_those_who_may_know(
    checked: ComplianceRun,  # noqa: F811
    objects: dict[str, list[Any]],  # noqa: F811
    provincial_officer: User,
    signed_in: Browser,
) -> None:
    """Without this, the test above would pass on empty pages."""
    browser = signed_in(provincial_officer)
    for name in ("cadres:unit-list", "planning:plan-list", "compliance:finding-list"):
        assert "Sở Y tế" in words_of(browser.get(address(name, objects))), name
    assert "Lý Thị Đào" in words_of(browser.get(address("cadres:cadre-list", objects)))
