"""The loaded province: constraints hold, every fault is found, the accounts are as told."""

import datetime as dt
import stat
from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.db import connection, transaction
from django.test import RequestFactory, override_settings

from cadre_portal.common import clock
from cadre_portal.demo import accounts, services
from cadres.choices import Level, Role, UnitKind
from cadres.models import Appointment, Biography, Cadre, Evaluation, RoleGrant, Unit, User
from compliance.choices import SubjectKind
from compliance.engine.registry import all_rules
from compliance.models import ComplianceChange, ComplianceRun, Target, Waiver
from compliance.services import evaluate, run_inline, run_start
from planning.models import Ballot, Nomination, Plan, Pool
from rotation.models import Rotation

AS_OF = dt.date(2026, 11, 22)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[services.Loaded]:
    """The default demonstration, for all tests of this file; rolled back afterwards."""
    var = tmp_path_factory.mktemp("var")
    with (
        django_db_blocker.unblock(),
        override_settings(PORTAL_VAR=var),
        clock.frozen(AS_OF),
        transaction.atomic(),
    ):
        assert str(connection.settings_dict["NAME"]).startswith("test_")
        yield services.load(size=3_000, seed=1, as_of=AS_OF)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def findings(loaded):
    return list(evaluate(as_of=AS_OF))


def test_the_counts_are_those_of_the_tables(loaded):
    assert loaded.counts["Cán bộ"] == Cadre.objects.count() == 3_000
    assert loaded.counts["Lượt giữ chức vụ"] == Appointment.objects.count()
    assert loaded.counts["Lượt xếp loại"] == Evaluation.objects.count()
    assert loaded.counts["Kế hoạch quy hoạch"] == Plan.objects.count()
    assert loaded.counts["Lý lịch chi tiết"] == Biography.objects.count()
    assert loaded.counts["Lượt quy hoạch"] == Nomination.objects.count()
    assert loaded.counts["Phiếu"] == Ballot.objects.count()
    assert loaded.counts["Luân chuyển, điều động"] == Rotation.objects.count()


def test_deferred_constraints_hold(loaded):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_tree_is_sound(loaded):
    assert Unit.objects.find_problems() == ([], [], [], [], [])


def test_there_is_a_pool_for_each_position_of_each_plan(loaded):
    for plan in Plan.objects.select_related("unit")[:30]:
        assert plan.pools.count() == plan.unit.positions.count()
    assert not Pool.objects.filter(plan=None).exists()


def test_new_rows_follow_the_loaded_ones(loaded):
    last = Cadre.objects.order_by("-pk").first()
    assert last
    with transaction.atomic():
        made = Cadre.objects.create(code="moi", full_name="Nông Văn Mới")
        assert made.pk == last.pk + 1
        transaction.set_rollback(True)


def test_history_knows_the_load(loaded):
    assert Cadre.pgh_event_model.objects.count() == 3_000


def test_every_rule_has_somebody_who_fails_it_and_somebody_who_meets_it(findings):
    seen = defaultdict(set)
    for finding in findings:
        seen[finding.rule.code].add(finding.outcome.code)
    codes = {rule.code for rule in all_rules()}
    assert codes == set(seen)
    for code in codes:
        assert {"met", "not_met"} <= seen[code], code
    unclear = {code for code, outcomes in seen.items() if "cannot_tell" in outcomes}
    assert {"planning.three_age_bands", "planning.women_share", "planning.evaluation"} <= unclear


def test_about_a_third_of_the_present_plans_meet_everything(findings):
    plans = dict(Plan.objects.filter(term__code="2025-2030").values_list("pk", "unit__level"))
    worst: Counter[int] = Counter()
    for finding in findings:
        if finding.kind.code in {"plan", "pool", "nomination"} and finding.group_id in plans:
            worst[finding.group_id] = max(worst[finding.group_id], finding.outcome.value)
    met = {level: sum(worst[p] <= 1 for p in plans if plans[p] == level) for level in Level}
    assert 10 <= met[Level.PROVINCE] <= 15  # of 32
    assert 15 <= met[Level.COMMUNE] <= 20  # of 56
    assert 2 <= sum(outcome == 2 for outcome in worst.values()) <= 6


def test_communes_are_worse_than_provincial_bodies(findings):
    failing: Counter[tuple[str, bool]] = Counter()
    for finding in findings:
        if finding.kind.code == "plan" and finding.labels.term == "2025-2030":
            commune = finding.labels.unit_code.startswith("01")
            failing[finding.rule.code, commune] += finding.outcome.code == "not_met"
    assert failing["planning.three_age_bands", True] >= 25
    assert failing["planning.three_age_bands", False] <= 6
    assert failing["planning.openness", True] >= 12


def test_a_check_of_a_week_before_shows_what_changed(loaded):
    days = (84, 56, 28, 8)  # the trend of twelve weeks, and what changed in the last one
    earlier = ComplianceRun.objects.order_by("as_of").values_list("as_of", "status")
    assert list(earlier) == [(AS_OF - dt.timedelta(days=day), "finished") for day in days]
    run_inline(run_start(actor=None, as_of=AS_OF, inline=True))
    changes = ComplianceChange.objects.filter(
        kind=SubjectKind.PLAN, was__gt=0, now__gt=0, changed_on__gt=AS_OF - dt.timedelta(days=8)
    )
    assert {change.changed_on for change in changes} == {AS_OF}
    worse = {change.group_id for change in changes if change.now > change.was}
    better = {change.group_id for change in changes if change.now < change.was}
    assert 3 <= len(worse) <= 8
    assert 6 <= len(better) <= 12


def test_some_units_grade_everybody_alike(loaded):
    alike = [
        row
        for row in Evaluation.objects.filter(year=2025)
        .values("unit")
        .order_by()
        .annotate(grades=_count("grade", distinct=True), people=_count("pk"))
        if row["grades"] == 1 and row["people"] > 10
    ]
    assert len(alike) >= 2


def _count(field: str, **options: bool):
    from django.db.models import Count

    return Count(field, **options)


def test_targets_and_waivers(loaded):
    assert Target.objects.filter(unit__code="CB", level="commune").exists()
    assert Target.objects.filter(unit__code="SYT").exists()
    assert all("giả định" in target.document for target in Target.objects.all())
    assert Waiver.objects.count() == 2


def test_one_account_a_role(loaded):
    assert set(RoleGrant.objects.values_list("role", flat=True)) == set(Role.values)
    for user in User.objects.filter(username__in=[u.username for u in accounts.USERS]):
        assert user.full_name
        assert user.is_superuser == (user.username == "quantri")
    officer = User.objects.get(username="canboxa")
    assert officer.cadre
    assert officer.cadre.full_name == officer.full_name
    assert officer.grants.get().unit.kind == UnitKind.COMMUNE
    mandate = RoleGrant.objects.filter(user__username="thanhtra")
    assert mandate.count() == 6
    assert all(g.unit and g.valid_from <= AS_OF <= g.valid_to for g in mandate)


def test_the_password_is_kept_for_the_owner_alone(loaded):
    path = accounts.password_file()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text().strip() == accounts.password()
    assert len(accounts.password()) >= 16
    assert path.parent == settings.PORTAL_VAR
    request = RequestFactory().post("/")
    for user in accounts.USERS:
        credentials = {"username": user.username, "password": accounts.password()}
        assert authenticate(request, **credentials), user.username
