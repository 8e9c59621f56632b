"""The loaded province: constraints hold, every fault is found, the accounts are as told."""

import datetime as dt
import stat
from collections import Counter, defaultdict
from collections.abc import Iterator
from io import StringIO

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Q
from django.test import RequestFactory, override_settings

from cadre_portal.common import clock
from cadre_portal.demo import accounts, services
from cadre_portal.demo.inspection_2017 import UNITS
from cadres.choices import Level, Role, UnitKind
from cadres.models import Appointment, Biography, Cadre, Evaluation, RoleGrant, Unit, User
from compliance.choices import SubjectKind
from compliance.engine.registry import all_rules
from compliance.models import ComplianceChange, ComplianceRun, Target, Waiver
from compliance.services import evaluate, run_inline, run_start
from inspections.choices import FindingState, MinutesKind, RemedyState, Stage, TeamRole, Topic
from inspections.models import (
    EvidenceTaking,
    Finding,
    Inspection,
    Minutes,
    Objection,
    Programme,
    Recommendation,
    RegisteredDocument,
    TeamReport,
)
from inspections.selectors.followup import late
from inspections.selectors.inspections import limits_of, obstacles
from inspections.services.evidence import digest_of
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
        override_settings(PORTAL_VAR=var, MEDIA_ROOT=var / "media"),
        clock.frozen(AS_OF),
        transaction.atomic(),
    ):
        assert str(connection.settings_dict["NAME"]).startswith("test_")
        made = services.load(size=3_000, seed=1, as_of=AS_OF)
        with connection.cursor() as cursor:
            # Deferred constraints hold; and not each test checks the whole load again at its end.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        yield made
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


def test_accounts(loaded):
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


def test_the_command_leaves_it_alone_and_always_says_how_to_sign_in(loaded):
    people = set(Cadre.objects.values_list("code", "full_name"))
    again = _command("--if-empty")
    assert set(Cadre.objects.values_list("code", "full_name")) == people
    assert accounts.password() in again
    for user in accounts.USERS:
        assert user.username in again
    with pytest.raises(CommandError, match="đã có dữ liệu"):
        _command()
    assert set(Cadre.objects.values_list("code", "full_name")) == people

    # A lost password is not replaced: the accounts still have the old one.
    kept = accounts.password_file().rename(settings.PORTAL_VAR / "kept")
    assert "changepassword" in _command("--if-empty")
    assert not accounts.password_file().exists()
    kept.rename(accounts.password_file())


def _command(*arguments: str) -> str:
    out = StringIO()
    call_command("load_demo", *arguments, stdout=out)
    return out.getvalue()


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


# ---- Inspections ------------------------------------------------------------------------------


def inspection_where(**where: object) -> Inspection:
    found: Inspection = Inspection.objects.get(**where)
    return found


def asked_in(inspection: Inspection):
    return Recommendation.objects.filter(finding__inspection=inspection)


def test_each_stands_where_it_should(loaded):
    stages = Inspection.objects.order_by("starts_on").values_list("stage", flat=True)
    assert list(stages) == [Stage.FOLLOWING, Stage.FOLLOWING, Stage.VERIFYING, Stage.PREPARING]


def test_the_inspection_of_2017_keeps_to_its_days(loaded):
    inspection = inspection_where(decision_no="469-QĐNS/TW")
    assert inspection.decision_on == dt.date(2017, 3, 21)
    assert inspection.starts_on == inspection.evidence_on == dt.date(2017, 4, 15)
    assert inspection.concluded_on == dt.date(2017, 7, 7)
    assert tuple(inspection.units.values_list("unit__code", flat=True)) == UNITS
    assert all(each.unit.valid_to for each in inspection.units.all()[1:])
    taking = EvidenceTaking.objects.get(inspection=inspection)
    assert taking.as_of == dt.date(2017, 4, 15)
    assert taking.asked_at.year == 2017
    met = inspection.minutes.filter(kind="working").values_list("held_on", flat=True)
    assert {dt.date(2017, 4, 15), dt.date(2017, 4, 17)} <= set(met)
    assert max(met) <= dt.date(2017, 4, 18)


def test_what_it_found_rests_on_what_was_frozen(loaded):
    inspection = inspection_where(decision_no="469-QĐNS/TW")
    said = inspection.findings.filter(inspected_unit__unit__code="CB", source="")
    topics = set(said.values_list("topic", flat=True))
    assert {Topic.AGES, Topic.OPENNESS, Topic.ROTATION, Topic.EVALUATION} <= topics
    bare = said.filter(kind__in=("strength", "shortcoming", "violation"), proofs=None)
    assert not bare.exists()
    communes = inspection.findings.filter(
        topic=Topic.AGES, kind="shortcoming", state=FindingState.APPROVED, text__contains="Xã số"
    )
    assert communes.exists()


def test_recommendations_are_closed_late_and_asked_again(loaded):
    former = asked_in(inspection_where(decision_no="469-QĐNS/TW"))
    states = set(former.values_list("state", flat=True))
    assert states == {RemedyState.OPEN, RemedyState.CLOSED}
    assert former.filter(late(AS_OF)).exists()
    again = Recommendation.objects.filter(repeats__in=former)
    assert again.exists()
    present = asked_in(again.first().finding.inspection)
    assert set(present.values_list("state", flat=True)) == set(RemedyState.values)


def test_the_one_under_way_waits_for_people(loaded):
    inspection = inspection_where(stage=Stage.VERIFYING)
    assert inspection.starts_on <= AS_OF <= inspection.ends_on
    assert all(limit.is_kept for limit in limits_of(inspection))
    states = set(inspection.findings.values_list("state", flat=True))
    assert states == set(FindingState.values) - {FindingState.EDITED}
    objections = Objection.objects.filter(finding__inspection=inspection)
    assert objections.filter(answered_on=None).exists()
    assert objections.exclude(answered_on=None).exists()
    assert {each.part for each in obstacles(inspection)} == {"nhan-dinh", "bien-ban"}


def test_a_unit_answered_in_the_portal_and_signed_what_was_minuted(loaded):
    inspection = inspection_where(stage=Stage.VERIFYING)
    sent = inspection.units.get(unit__code=accounts.INSPECTED_COMMUNE)
    assert sent.self_report.state == "submitted"
    assert sent.self_report.answers.count() == inspection.outline.count()
    tables = sent.self_report.answers.filter(item__kind="table")
    assert all(answer.table["rows"] is not None for answer in tables)
    met = inspection.minutes.get(inspected_unit=sent, kind="working")
    assert met.unit_signed_by.username == "canbobaolam"
    assert not Minutes.objects.filter(is_signed=False).exists()


def test_units_stand_everywhere_on_the_way_of_a_report(loaded):
    units = inspection_where(stage=Stage.VERIFYING).units.select_related("self_report")
    found = {
        each.unit.code: (each.self_report.state, each.self_report.submitted_on, each.report_due_on)
        for each in units.filter(self_report__isnull=False)
    }
    states = {code: state for code, (state, _sent, _due) in found.items()}
    assert states == {
        accounts.INSPECTED_COMMUNE: "submitted",
        accounts.RETURNED_COMMUNE: "returned",
        accounts.LATE_COMMUNE: "submitted",
        accounts.DRAFTING_COMMUNE: "draft",
    }
    late = {code for code, (_state, sent, due) in found.items() if sent and sent > due}
    assert late == {accounts.LATE_COMMUNE}
    # The team goes on reading what was submitted.
    returned = units.get(unit__code=accounts.RETURNED_COMMUNE).self_report
    amended = returned.answers.exclude(returned_on=None).get()
    given = returned.submissions.get().answers[str(amended.item_id)]["text"]
    assert given != amended.text


def test_every_kind_of_minutes_is_there(loaded):
    assert set(Minutes.objects.values_list("kind", flat=True)) == set(MinutesKind.values)
    verified = Minutes.objects.get(kind="verifying", inspection__stage=Stage.VERIFYING)
    assert verified.unit_signed_by.username == "canbobaolam"


def test_the_one_in_preparation_says_what_is_wanting(loaded):
    inspection = inspection_where(stage=Stage.PREPARING)
    assert {each.part for each in obstacles(inspection)} == {"quyet-dinh", "don-vi"}
    assert inspection.team.filter(role=TeamRole.LEAD).exists()


def test_programmes(loaded):
    this_year, next_year = Programme.objects.order_by("year")
    assert (this_year.year, next_year.year) == (AS_OF.year, AS_OF.year + 1)
    assert this_year.inspections.count() == 3
    assert not next_year.decision_no


def test_evidence_is_what_its_hash_says(loaded):
    for taking in EvidenceTaking.objects.all():
        assert taking.state == EvidenceTaking.State.READY
        row = taking.evidence.first()
        assert row.digest == digest_of(row.content)


def test_nothing_is_dated_after_the_load(loaded):
    assert not Minutes.objects.filter(held_on__gt=AS_OF).exists()
    assert not RegisteredDocument.objects.filter(dated_on__gt=AS_OF).exists()
    assert not TeamReport.objects.filter(signed_on__gt=AS_OF).exists()


def test_the_register_has_the_decisions_under_their_days(loaded):
    for inspection in Inspection.objects.exclude(decision_no=""):
        line = RegisteredDocument.objects.get(inspection=inspection, kind="qd")
        assert line.dated_on == inspection.decision_on
        assert inspection.decision_no.startswith(line.full_number)


def test_papers_say_that_they_are_invented(loaded):
    """All but the decision of 2017 and its law, which are real."""
    told = Q(decision_no="") | Q(decision_no="469-QĐNS/TW") | Q(decision_no__contains="giả định")
    assert not Inspection.objects.exclude(told).exists()
    assert not Inspection.objects.exclude(name__contains="giả định").exists()
    concluded = Inspection.objects.exclude(conclusion_no="")
    assert not concluded.exclude(conclusion_no__contains="giả định").exists()
    assert not TeamReport.objects.exclude(number__contains="giả định").exists()


def test_nobody_of_2017_signs_in(loaded):
    former = User.objects.filter(username__startswith="kt469.")
    assert former.count() == 8
    for user in former:
        assert not user.is_active
        assert not user.has_usable_password()
        assert "giả định" in user.full_name


def test_acts_have_their_people(loaded):
    """Who approves is not who wrote; who concludes is not in the team."""
    approved = Finding.objects.filter(state=FindingState.APPROVED)
    assert not approved.filter(approved_by=None).exists()
    for inspection in Inspection.objects.exclude(concluded_by=None):
        assert not inspection.team.filter(user=inspection.concluded_by).exists()
        assert inspection.concluded_by_id != inspection.created_by_id
