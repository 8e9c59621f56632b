"""The cases of `cases/`, through the oracle and through the engine."""

import pytest

from compliance import services
from compliance.engine.registry import all_rules, rule_by_code, source_of
from tests.rules import reference
from tests.rules.cases import Case, CaseError, case_files, read_cases
from tests.rules.writer import in_database

CASES = [case for path in case_files().values() for case in read_cases(path)]

each_case = pytest.mark.parametrize(
    "case", CASES, ids=[f"{case.rule}-{number}" for number, case in enumerate(CASES)]
)


@each_case
def test_oracle(case: Case):
    problem = case.problem(reference.evaluate(case.province, case.as_of))
    assert not problem, f"{case.name}: {problem}\n{case.province}"


@pytest.mark.django_db
@each_case
def test_engine(case: Case):
    with in_database(case.province):
        # Of what other sources deliver a case says nothing.
        only = {source_of(kind).name for kind in rule_by_code(case.rule).kinds}
        findings = services.evaluate(as_of=case.as_of, only=only)
        found = [finding.as_json(case.as_of) for finding in findings]
    problem = case.problem(found)
    assert not problem, f"{case.name}: {problem}\n{case.province}"


def test_every_rule_has_cases_and_a_reference():
    rules = {rule.code for rule in all_rules()}
    assert rules == set(case_files())
    assert rules == set(reference.RULES)


@pytest.mark.parametrize("rule", sorted(case_files()))
def test_cases_of_a_rule_show_every_outcome_it_can_have(rule: str):
    shown = {case.expect["outcome"] for case in CASES if case.rule == rule}
    assert {"met", "not_met"} <= shown


def test_an_unknown_word_is_an_error(tmp_path):
    path = tmp_path / "planning.women_share.yaml"
    path.write_text(
        "rule: planning.women_share\nabout: x\n"
        "cases: [{name: x, as_of: 2024-01-01, expect: {outcome: met}, poeple: []}]\n",
        "utf-8",
    )
    with pytest.raises(CaseError, match="poeple"):
        read_cases(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("expect: {outcome: fine}", "unknown outcome"),
        ("expect: {outcom: met}", "outcom"),
        ("expect: {outcome: met}, people: [{sexe: female}]", "sexe"),
        ("expect: {outcome: met}, title: {grade: 3}", "grade"),
        ("expect: {outcome: met}, targets: [{parameter: x}]", "value"),
        ("expect: {outcome: met}, people: [{nominated: [{since: 2020-01-01}]}]", "since"),
    ],
)
def test_a_case_that_cannot_be_understood_is_an_error(tmp_path, text, message):
    path = tmp_path / "planning.women_share.yaml"
    path.write_text(
        f"rule: planning.women_share\nabout: x\ncases: [{{name: x, as_of: 2024-01-01, {text}}}]\n",
        "utf-8",
    )
    with pytest.raises(CaseError, match=message):
        read_cases(path)
