"""Every address of planning, rotation and inspections × every role: the table of test_matrix.py."""

import pytest

from tests.access.test_matrix import (  # noqa: F401
    MATRIX,
    Walk,
    bare_refusals,
    checked,
    objects,
    of_rooms,
    walk,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def test_addresses_of_rooms_by_role(walk: Walk) -> None:  # noqa: F811
    for line in filter(of_rooms, MATRIX):
        walk.ask(line, MATRIX[line])
    assert walk.wrong == []
    assert walk.told == []
