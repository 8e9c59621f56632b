"""The sample province gives exactly the expected findings, whoever does the work."""

from collections import Counter
from collections.abc import Callable

import pytest

from compliance import selectors, services
from compliance.choices import RunKind, RunStatus
from compliance.engine.registry import all_rules
from tests.engine.conftest import SAMPLE_DAY, of_findings, of_lines
from tests.support.workers import CeleryWorkers, run_manage

Difference = Callable[[Counter[str], Counter[str]], str]


def test_evaluate_gives_the_expected_findings(
    sample: None, expected: Counter[str], difference: Difference
) -> None:
    found = of_findings(services.evaluate(as_of=SAMPLE_DAY))
    assert not difference(expected, found)


def test_a_snapshot_keeps_the_expected_findings(
    sample: None, expected: Counter[str], difference: Difference
) -> None:
    run = services.run_start(actor=None, as_of=SAMPLE_DAY, kind=RunKind.SNAPSHOT, inline=True)
    services.run_inline(run)
    run.refresh_from_db()
    assert run.status == RunStatus.FINISHED
    found = of_findings(selectors.snapshot_findings_unscoped(run=run))
    assert not difference(expected, found)


def test_a_unit_keeps_to_its_subtree(sample: None, expected: Counter[str]) -> None:
    from cadres.models import Unit

    unit = Unit.objects.get(code="SNNMT")
    found = of_findings(services.evaluate(as_of=SAMPLE_DAY, unit=unit))
    inside = Counter({line: n for line, n in expected.items() if '"unit": "SNNMT' in line})
    assert inside
    assert found == inside


@pytest.mark.stock
def test_workers_give_the_expected_findings(
    committed_sample: None,
    celery_workers: CeleryWorkers,
    expected: Counter[str],
    difference: Difference,
) -> None:
    """One worker, then two, then four."""
    for more in (1, 1, 2):
        celery_workers.start(more)
        result = run_manage("check_compliance", "--as-of", "2026-11-22", "--format", "jsonl")
        assert result.returncode == 0, result.stderr
        found = of_lines(result.stdout)
        assert not difference(expected, found), f"{len(celery_workers.all)} workers"


def test_the_table_names_every_rule(committed_sample: None) -> None:
    result = run_manage("check_compliance", "--as-of", "2026-11-22", "--inline")
    assert result.returncode == 0, result.stderr
    for rule in all_rules():
        assert rule.title in result.stdout


def test_one_rule_alone(committed_sample: None, expected: Counter[str]) -> None:
    result = run_manage(
        "check_compliance", "--as-of", "2026-11-22", "--inline", "--format", "jsonl",
        "--rule", "planning.women_share",
    )  # fmt: skip
    women = Counter({k: n for k, n in expected.items() if '"planning.women_share"' in k})
    assert of_lines(result.stdout) == women


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--unit", "KHONG-CO"), "KHONG-CO"),
        (("--rule", "planning.nothing"), "planning.women_share"),
        (("--as-of", "22/11/2026"), "YYYY-MM-DD"),
    ],
)
def test_nonsense_is_refused_in_words(
    transactional_db: None, arguments: tuple[str, ...], says: str
) -> None:
    result = run_manage("check_compliance", "--inline", *arguments)
    assert result.returncode != 0
    assert says in result.stderr
    assert "Traceback" not in result.stderr
