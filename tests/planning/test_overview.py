"""Tổng quan: its numbers, who sees which, and what stands there before anything was checked."""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from cadre_portal.common import clock
from cadres.choices import Level
from cadres.models import Unit, User
from cadres.policies import scope_paths
from cadres.unit_states import PlanState
from compliance.choices import Outcome, RunKind, RunStatus, SubjectKind
from compliance.engine.findings import Finding
from compliance.models import ComplianceChange, ComplianceRun, ComplianceState
from compliance.services import evaluate, run_inline, run_start
from planning.models import Plan
from planning.selectors import Overview, overview
from planning.selectors.stored import CRITERIA, KEYS, OTHER
from planning.unit_states import plan_states
from tests import factories
from tests.cast import Organisation
from tests.engine.conftest import SAMPLE_DAY
from tests.planning.conftest import Queries, check_all

Browser = Callable[[User], Client]
URL = reverse("planning:overview")
TERM = "2025-2030"


def words(page: object) -> str:
    """The text of a page, one space between words."""
    text = re.sub(r"<[^>]+>", " ", page.content.decode())  # type: ignore[attr-defined]
    return re.sub(r"\s+", " ", text)


# ---- Numbers, against plain Python over the findings -------------------------------------------


def by_plan(as_of: dt.date) -> dict[int, list[Finding]]:
    found: dict[int, list[Finding]] = defaultdict(list)
    for finding in evaluate(as_of=as_of):
        if finding.kind <= SubjectKind.NOMINATION:
            found[finding.group_id].append(finding)
    return found


def column(finding: Finding) -> str:
    for criterion in CRITERIA:
        if finding.rule.code in criterion.rules and finding.kind == criterion.kind:
            return criterion.key
    return OTHER


def plain_outcome(key: str, findings: list[Finding]) -> Outcome:
    told = [f.outcome for f in findings if column(f) == key]
    worst = max(told, default=Outcome.NOT_APPLICABLE)
    # Of people the live state keeps only what is not right.
    if key in ("standard", OTHER):
        return max(worst, Outcome.MET)
    return worst


def plain_levels(as_of: dt.date, plans: list[Plan]) -> dict[str, dict[str, Counter[Outcome]]]:
    """level -> key (and "worst") -> how many plans have which outcome."""
    found = by_plan(as_of)
    levels: dict[str, dict[str, Counter[Outcome]]] = {}
    for plan in plans:
        counters = levels.setdefault(plan.unit.level, defaultdict(Counter))
        outcomes = {key: plain_outcome(key, found[plan.pk]) for key in KEYS}
        for key, outcome in outcomes.items():
            counters[key][outcome] += 1
        counters["worst"][max(outcomes.values())] += 1
    return levels


def told_levels(seen: Overview) -> dict[str, dict[str, Counter[Outcome]]]:
    levels = {}
    for level in seen.levels:
        counters: dict[str, Counter[Outcome]] = {}
        for key, tally in [("worst", level.tally), *level.by_key.items()]:
            counter = Counter(
                {
                    Outcome.MET: tally.met,
                    Outcome.NOT_MET: tally.not_met,
                    Outcome.CANNOT_TELL: tally.cannot_tell,
                    Outcome.NOT_APPLICABLE: level.tally.total
                    - tally.met
                    - tally.not_met
                    - tally.cannot_tell,
                }
            )
            counters[key] = +counter
        levels[level.level] = counters
    return levels


def plans_of(term: str) -> list[Plan]:
    return list(Plan.objects.filter(term__code=term).select_related("unit"))


def assert_tree_agrees(actor: User, seen: Overview) -> None:
    """The tree of the organisation says the same of each unit's plan."""
    tree = plan_states(actor, seen.as_of, scope_paths(actor))
    assert sum(tree.values(), PlanState()) == seen.tally
    shown = [row for level in seen.levels for row in level.rows]
    for outcome in ("met", "not_met", "cannot_tell"):
        told = {row.path for row in shown if row.worst and row.worst.code == outcome}
        assert {path for path, state in tree.items() if getattr(state, outcome)} == told


def test_live_numbers_are_those_of_the_findings(
    checked_sample: None, provincial_officer: User
) -> None:
    found = by_plan(SAMPLE_DAY)
    for term in (TERM, "2020-2025"):
        seen = overview(actor=provincial_officer, as_of=SAMPLE_DAY, term=term, along_tree=True)
        assert seen.basis is not None
        assert seen.basis.is_live
        assert told_levels(seen) == plain_levels(SAMPLE_DAY, plans_of(term))
        if term == TERM:
            assert_tree_agrees(provincial_officer, seen)
        for row in (row for level in seen.levels for row in level.rows):
            for key, cell in row.cells.items():
                assert cell.outcome == plain_outcome(key, found[row.plan_id]), (row, key)
            bad = [f for f in found[row.plan_id] if f.outcome == Outcome.NOT_MET]
            if row.cells[OTHER].outcome == Outcome.NOT_MET:
                assert row.cells[OTHER].number == sum(column(f) == OTHER for f in bad)
            if row.cells["standard"].outcome == Outcome.NOT_MET:
                assert row.cells["standard"].number == sum(column(f) == "standard" for f in bad)
            if row.cells["ages"].finding:
                (ages,) = [f for f in found[row.plan_id] if column(f) == "ages"]
                assert row.cells["ages"].finding.measured == ages.measured


def test_a_snapshot_says_the_same_of_another_day(sample: None, provincial_officer: User) -> None:
    day = dt.date(2025, 8, 20)
    run_inline(run_start(actor=None, as_of=day, kind=RunKind.SNAPSHOT, inline=True))
    of_the_day = overview(actor=provincial_officer, as_of=day, along_tree=True)
    assert_tree_agrees(provincial_officer, of_the_day)
    seen = overview(actor=provincial_officer, as_of=day, term=TERM)
    assert seen.basis is not None
    assert not seen.basis.is_live
    assert seen.changes is None
    assert told_levels(seen) == plain_levels(day, plans_of(TERM))


def test_the_worst_stand_first(checked_sample: None, provincial_officer: User) -> None:
    seen = overview(actor=provincial_officer, as_of=SAMPLE_DAY, term=TERM)
    for level in seen.levels:
        order = [
            (
                row.worst or 0,
                sum(cell.outcome == Outcome.NOT_MET for cell in row.cells.values()),
                sum(cell.outcome == Outcome.CANNOT_TELL for cell in row.cells.values()),
            )
            for row in level.rows
        ]
        assert order == sorted(order, reverse=True)
        assert all(row.next for row in level.rows if row.worst == Outcome.NOT_MET)


def test_reviews_that_are_due(organisation: Organisation, provincial_officer: User) -> None:
    today = clock.today()
    organisation.plan.approved_on = today - dt.timedelta(days=500)
    organisation.plan.save()
    organisation.other_plan.approved_on = today - dt.timedelta(days=30)
    organisation.other_plan.save()
    check_all()
    seen = overview(actor=provincial_officer, as_of=today)
    (due,) = seen.due
    assert due.unit_name == "Sở Nội vụ"
    assert due.months_over >= 3
    assert due.head_name == "Nông Thị Ánh"
    assert due.due_on < today


# ---- What changed ------------------------------------------------------------------------------


def test_changes_of_a_week(organisation: Organisation, provincial_officer: User) -> None:
    today = clock.today()
    factories.TargetFactory(unit=organisation.province)
    with clock.frozen(today - dt.timedelta(days=9)):
        check_all()
    organisation.insider.sex = "male"
    organisation.insider.save()
    check_all()
    seen = overview(actor=provincial_officer, as_of=today)
    assert seen.changes is not None
    assert (seen.changes.worse, seen.changes.better) == (1, 0)
    (change,) = [c for c in seen.changes.shown if c.rule.code == "planning.women_share"]
    assert (change.was, change.now) == (Outcome.MET, Outcome.NOT_MET)
    assert (change.measured_was["part"], change.measured_now["part"]) == (1, 0)
    assert seen.changes.is_whole_week


def test_there_and_back_is_no_change(organisation: Organisation, provincial_officer: User) -> None:
    today = clock.today()
    check_all()
    unit = organisation.department.pk
    for was, now, back in ((1, 3, 3), (3, 1, 2)):
        ComplianceChange.objects.create(
            kind=SubjectKind.PLAN,
            group_id=organisation.plan.pk,
            subject_id=organisation.plan.pk,
            unit_id=unit,
            slot=2,
            was=was,
            now=now,
            counts_was={},
            counts_now={},
            changed_on=today - dt.timedelta(days=back),
        )
    seen = overview(actor=provincial_officer, as_of=today)
    assert seen.changes is not None
    assert seen.changes.total == 0


# ---- The page ----------------------------------------------------------------------------------


def test_it_works(organisation: Organisation, provincial_officer: User, signed_in: Browser) -> None:
    check_all()
    text = words(signed_in(provincial_officer).get(URL))
    assert "trong 2 kế hoạch đạt mọi tiêu chí" in text
    assert "Sở Nội vụ" in text
    assert "Sở Y tế" in text
    assert "Kiểm tra lại" in text


def test_it_requires_login(client: Client) -> None:
    answer = client.get(URL)
    assert answer.status_code == 302
    assert "/tai-khoan/" in answer["Location"]


def test_it_hides_other_units(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    check_all()
    page = signed_in(unit_officer).get(URL)
    text = words(page)
    assert "trong 1 kế hoạch đạt mọi tiêu chí" in text
    assert "Sở Nội vụ" in text
    assert "Sở Y tế" not in text
    assert "Lý Thị Đào" not in text


def test_a_stranger_sees_nothing(
    organisation: Organisation, stranger: User, signed_in: Browser
) -> None:
    check_all()
    text = words(signed_in(stranger).get(URL))
    assert "Chưa có kế hoạch quy hoạch nào trong phạm vi" in text
    assert "Sở Nội vụ" not in text


def test_before_the_first_check(
    organisation: Organisation, provincial_officer: User, auditor: User, signed_in: Browser
) -> None:
    text = words(signed_in(provincial_officer).get(URL))
    assert "Các kế hoạch chưa được kiểm tra lần nào" in text
    assert "Kiểm tra ngày này" in text
    text = words(signed_in(auditor).get(URL))
    assert "Kiểm tra ngày này" not in text
    assert "không có quyền chạy kiểm tra" in text


def test_a_day_without_a_check_says_so(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    check_all()
    text = words(signed_in(provincial_officer).get(URL + "?ngay=2025-06-01"))
    assert "Chưa có lần kiểm tra nào cho ngày 01/06/2025" in text


def test_a_check_of_a_part_serves_that_part_only(
    organisation: Organisation, unit_officer: User, other_unit_officer: User
) -> None:
    day = dt.date(2026, 1, 15)
    run = run_start(
        actor=None, as_of=day, unit=organisation.department, kind=RunKind.SNAPSHOT, inline=True
    )
    run_inline(run)
    assert overview(actor=unit_officer, as_of=day).basis is not None
    assert overview(actor=other_unit_officer, as_of=day).basis is None


def test_a_plan_that_is_not_checked_yet_is_counted_apart(
    organisation: Organisation, provincial_officer: User
) -> None:
    check_all()
    factories.PlanFactory(unit=organisation.commune)
    seen = overview(actor=provincial_officer, as_of=clock.today())
    assert seen.tally.unchecked == 1
    assert seen.tally.total == 3


def test_disciplines_are_for_who_may_know(
    organisation: Organisation, provincial_officer: User, auditor: User
) -> None:
    """A plan's row, numbers and column tell of a discipline only to who may know of it."""
    factories.DisciplineFactory(cadre=organisation.insider)
    check_all()
    # Nothing else is wrong with the plan.
    state = ComplianceState.objects.get(kind=SubjectKind.NOMINATION, group_id=organisation.plan.pk)
    slot = 4  # of planning.discipline among the rules on nominations
    assert state.outcomes[slot] == Outcome.NOT_MET
    ComplianceState.objects.filter(
        kind=SubjectKind.NOMINATION, group_id=organisation.plan.pk
    ).update(outcomes=[1 if i != slot else 3 for i in range(len(state.outcomes))])
    for each in ComplianceState.objects.filter(
        kind__lt=SubjectKind.NOMINATION, group_id=organisation.plan.pk
    ):
        ComplianceState.objects.filter(pk=each.pk).update(outcomes=[1] * len(each.outcomes))
    for actor, worst, told in (
        (provincial_officer, Outcome.NOT_MET, "planning.discipline"),
        (auditor, Outcome.MET, None),
    ):
        seen = overview(actor=actor, as_of=clock.today())
        (row,) = [row for level in seen.levels for row in level.rows if row.unit_code == "SNV"]
        assert row.worst == row.cells["other"].outcome == worst
        assert (row.next.rule.code if row.next else None) == told
        assert_tree_agrees(actor, seen)
        assert seen.is_part_told == (actor == auditor) == ("minority" not in seen.keys)


def test_the_term_can_be_chosen(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    later = factories.TermFactory(
        code="2030-2035", starts_on=dt.date(2030, 10, 1), ends_on=dt.date(2035, 9, 30)
    )
    factories.PlanFactory(unit=organisation.commune, term=later)
    check_all()
    text = words(signed_in(provincial_officer).get(URL))
    assert "nhiệm kỳ 2025–2030" in text
    text = words(signed_in(provincial_officer).get(URL + "?nhiem-ky=2030-2035"))
    assert "Tổng quan quy hoạch, nhiệm kỳ 2030–2035" in text
    assert "trong 1 kế hoạch" in text


def test_its_links_keep_the_day(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    run_inline(
        run_start(actor=None, as_of=dt.date(2026, 1, 15), kind=RunKind.SNAPSHOT, inline=True)
    )
    page = signed_in(provincial_officer).get(URL + "?ngay=2026-01-15").content.decode()
    plan = reverse("planning:plan-detail", args=[organisation.plan.pk])
    links = re.findall(rf'href="({plan}[^"]*)"', page)
    assert links
    assert all("ngay=2026-01-15" in link for link in links)


def test_queries_do_not_grow(
    organisation: Organisation, provincial_officer: User, signed_in: Browser, queries: Queries
) -> None:
    check_all()
    browser = signed_in(provincial_officer)
    few = queries(browser, URL)
    grow(organisation, plans=30, people=10)
    check_all()
    assert queries(browser, URL) == few <= 12
    assert queries(browser, URL + "?thu-tu=cay") <= 12


def grow(organisation: Organisation, *, plans: int, people: int) -> None:
    """More communes with plans, each with people of every age in its committee."""
    for number in range(plans):
        unit = factories.UnitFactory(
            parent=Unit.objects.get(pk=organisation.province.pk), level=Level.COMMUNE
        )
        plan = factories.PlanFactory(unit=unit)
        pool = factories.pool_of(plan, organisation.committee, prescribed=7)
        for age in range(people):
            cadre = factories.CadreFactory(
                birth_date=dt.date(1965 + (age * 3) % 35, 3, number % 27 + 1)
            )
            factories.AppointmentFactory(cadre=cadre, unit=unit, title=organisation.director)
            factories.NominationFactory(pool=pool, cadre=cadre)


# ---- Starting a check ----------------------------------------------------------------------------


CHECK = reverse("planning:check-start")


def test_a_check_of_today_is_live(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    answer = signed_in(provincial_officer).post(CHECK)
    run = ComplianceRun.objects.get()
    assert answer["Location"] == reverse("compliance:run-detail", args=[run.pk])
    assert (run.kind, run.as_of, run.requested_by) == (
        RunKind.LIVE,
        clock.today(),
        provincial_officer,
    )


def test_a_check_of_another_day_is_a_snapshot(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    signed_in(provincial_officer).post(CHECK + "?ngay=2025-06-01")
    run = ComplianceRun.objects.get()
    assert (run.kind, run.as_of, run.unit) == (RunKind.SNAPSHOT, dt.date(2025, 6, 1), None)


def test_a_unit_officer_checks_the_own_unit(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    signed_in(unit_officer).post(CHECK)
    run = ComplianceRun.objects.get()
    assert (run.kind, run.unit) == (RunKind.SNAPSHOT, organisation.department)


def test_a_check_under_way_is_not_started_twice(
    organisation: Organisation, provincial_officer: User, signed_in: Browser
) -> None:
    browser = signed_in(provincial_officer)
    first, second = browser.post(CHECK), browser.post(CHECK)
    assert ComplianceRun.objects.filter(status=RunStatus.QUEUED).count() == 1
    assert first["Location"] == second["Location"]


def test_a_check_requires_the_right(
    organisation: Organisation, auditor: User, signed_in: Browser
) -> None:
    assert signed_in(auditor).post(CHECK).status_code == 403
    assert signed_in(auditor).get(CHECK).status_code == 405


# ---- The file ------------------------------------------------------------------------------------


@pytest.mark.parametrize("term", ["", "2025-2030"])
def test_export(
    organisation: Organisation, unit_officer: User, signed_in: Browser, term: str
) -> None:
    from io import BytesIO

    from openpyxl import load_workbook

    Unit.objects.filter(pk=organisation.department.pk).update(name="=1+1")
    check_all()
    url = reverse("planning:overview-export")
    answer = signed_in(unit_officer).get(f"{url}?nhiem-ky={term}")
    assert "quy-hoach-theo-tieu-chi-2025-2030" in answer["Content-Disposition"]
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=3))
    assert len(rows) == 1
    assert (rows[0][0].value, rows[0][0].data_type) == ("=1+1", "s")
