"""The random provinces are good enough: they notice every wrong variant of the oracle."""

import datetime as dt

import pytest
from hypothesis import given

from tests.rules import reference
from tests.rules.mutation import mutants
from tests.rules.records import Province
from tests.rules.strategies import provinces, random_search

#: Lines of the oracle on which a wrong number changes nothing.
WITHOUT_EFFECT = (
    "for age in range(130)",  # more ages than anybody reaches
    "limit = below.value if below else 0",  # without a value the share is not judged
    "months[0] if months and len(months) == 1",  # the first is the last
)


def _provinces(count: int) -> list[tuple[Province, dt.date]]:
    made = []

    @random_search(count)
    @given(provinces())
    def collect(drawn: tuple[Province, dt.date]) -> None:
        made.append(drawn)

    collect()
    return made


def _lives(mutant, cases) -> bool:
    try:
        return all(mutant.module.evaluate(*drawn) == want for drawn, want in cases)
    except Exception:
        return False


@pytest.mark.slow
def test_random_provinces_notice_every_wrong_variant():
    cases = [(drawn, reference.evaluate(*drawn)) for drawn in _provinces(400)]
    with open(reference.__file__, encoding="utf-8") as stream:
        lines = stream.read().splitlines()
    count, survivors = 0, []
    for mutant in mutants():
        count += 1
        line = lines[mutant.line - 1]
        if not any(text in line for text in WITHOUT_EFFECT) and _lives(mutant, cases):
            survivors.append(str(mutant))
    assert count > 200
    assert not survivors, "\n".join(survivors)
