"""Findings drafted from frozen evidence: numbers, words, proofs, and what is never written over."""

import datetime as dt
import json
from collections import defaultdict

import pytest
from django.core.exceptions import PermissionDenied

from cadre_portal.common import clock
from cadres.models import Unit, User
from compliance.engine.registry import all_rules
from inspections.choices import FindingKind, FindingState, Stage, Topic
from inspections.models import Evidence, Finding, FindingEvidence, Recommendation
from inspections.services.drafting import due_suggested, findings_draft
from inspections.services.evidence import evidence_inline, evidence_take
from inspections.services.findings import finding_change, finding_drop
from inspections.services.holding import InspectionRefused
from inspections.wording import WORDINGS
from tests import factories
from tests.engine.conftest import DATA, SAMPLE_DAY, sample  # noqa: F401 - a fixture
from tests.inspections.conftest import Scene, advance, take

BEFORE = dt.date(2026, 9, 30)


def texts(scene: Scene, kind: FindingKind) -> list[str]:
    """Texts of a kind on Sở Nội vụ."""
    rows = Finding.objects.filter(inspected_unit=scene.department, kind=kind)
    return list(rows.order_by("place").values_list("text", flat=True))


def drafted(scene: Scene) -> dict[str, Finding]:
    """Drafts on Sở Nội vụ by what they came from."""
    return {row.source: row for row in Finding.objects.filter(inspected_unit=scene.department)}


@pytest.fixture
def planned(scene: Scene) -> Scene:
    """Sở Nội vụ plans four people: one woman under 40, three men, one of them of unknown birth.

    The province asks for 25 % women and for somebody under 40, from 40 to 50, and above.
    """
    for parameter, value in (
        ("planning.women_share.minimum", 60),
        ("planning.age_bands.young_below", 40),
        ("planning.age_bands.middle_to", 50),
        ("planning.openness.minimum_external", 1),
        ("planning.young_share.minimum", 10),
        ("planning.young_share.age_below", 42),
    ):
        factories.TargetFactory(unit=scene.organisation.province, parameter=parameter, value=value)
    pool = factories.pool_of(scene.organisation.plan, scene.organisation.deputy)
    for code, sex, born in (
        ("CB-1", "male", dt.date(1980, 1, 1)),  # 46 on the day
        ("CB-2", "male", dt.date(1979, 9, 30)),  # 47 on the day
        ("CB-3", "male", None),
    ):
        person = factories.CadreFactory(code=code, sex=sex, birth_date=born)
        factories.AppointmentFactory(cadre=person, unit=scene.organisation.department)
        factories.NominationFactory(pool=pool, cadre=person)
    advance(scene, Stage.VERIFYING)
    return scene


def test_numbers_are_those_of_the_day_and_say_what_is_asked(planned: Scene) -> None:
    take(planned)
    done = findings_draft(actor=planned.lead, inspection=planned.inspection)
    assert done.added == Finding.objects.count()
    found = drafted(planned)
    plan = planned.organisation.plan.pk
    women = found[f"planning.women_share:plan:{plan}"]
    assert women.kind == FindingKind.SHORTCOMING
    assert women.topic == Topic.WOMEN
    assert women.state == FindingState.DRAFTED
    # One of four; k more women hold the share when (1 + k) * 100 >= 60 * (4 + k): k = 4.
    assert women.text == (
        "Quy hoạch nhiệm kỳ 2025–2030 có 1/4 đồng chí nữ (25,0 %), thấp hơn mức ít nhất 60 %,"
        " còn thiếu 4 đồng chí (căn cứ: 12-NQ/TU)."
    )
    assert (
        "khép kín: cả 4 đồng chí đều công tác tại chỗ"
        in found[f"planning.openness:plan:{plan}"].text
    )
    asked = found["planning.women_share:ask"]
    assert asked.text == (
        "Đề nghị Sở Nội vụ: bổ sung ít nhất 4 đồng chí nữ vào quy hoạch nhiệm kỳ 2025–2030 trong"
        " đợt rà soát năm 2027."
    )
    recommendation = Recommendation.objects.get(finding=asked)
    assert recommendation.head == "Giám đốc Sở Nội vụ"
    assert recommendation.due_on == dt.date(2027, 3, 31)
    assert recommendation.rule == "planning.women_share"
    assert recommendation.unit == planned.organisation.department


def test_a_good_share_is_a_strength_and_what_nobody_can_tell_is_its_own(planned: Scene) -> None:
    take(planned)
    findings_draft(actor=planned.lead, inspection=planned.inspection)
    found = drafted(planned)
    young = found["planning.young_share:plan:held"]
    assert young.kind == FindingKind.STRENGTH
    assert "1/4 đồng chí dưới 42 tuổi (25,0 %), vượt mức 10 %" in young.text
    # Under 40: 1 (the insider of 1985 is 41, so nobody), 40 to 50: three, above: nobody.
    ages = found.get(f"planning.three_age_bands:plan:{planned.organisation.plan.pk}")
    assert ages is not None
    assert "không có đồng chí nào dưới 40 tuổi hoặc trên 50 tuổi trong 4 đồng chí" in ages.text
    records = found["records"]
    assert records.topic == Topic.RECORDS
    assert "1 đồng chí chưa tính được thời gian công tác còn lại" in records.text
    assert "chưa có kết quả xếp loại năm 2025" in records.text
    assert found["records:ask"].kind == FindingKind.RECOMMENDATION


def test_every_draft_but_causes_rests_on_frozen_results(planned: Scene) -> None:
    taking = take(planned)
    findings_draft(actor=planned.lead, inspection=planned.inspection)
    for finding in Finding.objects.all():
        proofs = list(finding.proofs.all())
        if finding.kind == FindingKind.CAUSE:
            continue
        assert proofs, finding.text
        for proof in proofs:
            assert proof.evidence is not None
            assert proof.evidence.taking_id == taking.pk
            keys = {each["key"] for each in proof.evidence.content["findings"]}
            keys |= {key.rsplit(":", 1)[0] for key in keys}
            keys |= {each["key"] for each in proof.evidence.content.get("observed", ())}
            assert proof.key in keys


def test_alike_grades_no_rotation_and_an_overdue_review_are_told(planned: Scene) -> None:
    office = planned.organisation
    for person in (office.insider, office.below):
        factories.EvaluationFactory(cadre=person, unit=office.department, year=2025)
    office.plan.approved_on = dt.date(2025, 5, 1)  # sixteen months before the day
    office.plan.save()
    take(planned)
    findings_draft(actor=planned.lead, inspection=planned.inspection)
    found = drafted(planned)
    assert found["observed.grades.2025"].text.startswith(
        "Năm 2025, tất cả 2 đồng chí được xếp hoàn thành tốt nhiệm vụ"
    )
    assert found["observed.rotations"].text == (
        "Từ 01/07/2025 đến 30/09/2026 không có đồng chí nào được luân chuyển đi hoặc đến."
    )
    review = found[f"planning.annual_review:plan:{office.plan.pk}"]
    assert "đã 16 tháng chưa được rà soát, bổ sung, quá 4 tháng" in review.text
    assert found["planning.annual_review:cause"].kind == FindingKind.CAUSE


def test_drafting_again_never_touches_what_people_wrote_or_left_out(planned: Scene) -> None:
    take(planned)
    findings_draft(actor=planned.lead, inspection=planned.inspection)
    plan = planned.organisation.plan.pk
    edited = drafted(planned)[f"planning.women_share:plan:{plan}"]
    dropped = drafted(planned)[f"planning.openness:plan:{plan}"]
    finding_change(actor=planned.lead, finding=edited, version=0, values={"text": "Lời của đoàn."})
    finding_drop(actor=planned.lead, finding=dropped, reason="Đã có người từ nơi khác")
    before = set(Finding.objects.values_list("pk", flat=True))
    # A woman more: the new taking has other numbers.
    factories.NominationFactory(
        pool=factories.pool_of(planned.organisation.plan, planned.organisation.deputy),
        cadre=factories.CadreFactory(code="CB-9"),
    )
    take(planned)
    done = findings_draft(actor=planned.lead, inspection=planned.inspection)
    assert done.renewed > 0
    new = Finding.objects.exclude(pk__in=before)
    assert new.count() == done.added
    assert not new.filter(source__in=(edited.source, dropped.source)).exists()
    edited.refresh_from_db()
    dropped.refresh_from_db()
    assert edited.text == "Lời của đoàn."
    assert dropped.state == FindingState.DROPPED
    assert any("2/5 đồng chí" in text for text in texts(planned, FindingKind.STRENGTH))
    assert findings_draft(actor=planned.lead, inspection=planned.inspection).renewed == 0


def test_a_draft_that_no_longer_holds_goes_unless_somebody_touched_it(planned: Scene) -> None:
    take(planned)
    findings_draft(actor=planned.lead, inspection=planned.inspection)
    source = f"planning.openness:plan:{planned.organisation.plan.pk}"
    factories.NominationFactory(
        pool=factories.pool_of(planned.organisation.plan, planned.organisation.deputy),
        cadre=planned.organisation.outsider,
    )
    take(planned)
    done = findings_draft(actor=planned.lead, inspection=planned.inspection)
    assert done.removed >= 2  # the shortcoming and what it asked for
    assert source not in drafted(planned)


def test_people_are_counted_once_and_sensitive_results_are_marked(planned: Scene) -> None:
    office = planned.organisation
    factories.DisciplineFactory(cadre=office.insider)
    committee = factories.pool_of(office.plan, office.committee)
    factories.NominationFactory(pool=committee, cadre=office.insider)  # a second pool
    take(planned)
    findings_draft(actor=planned.lead, inspection=planned.inspection)
    discipline = drafted(planned)["planning.discipline:all"]
    assert discipline.text == "1/4 đồng chí trong quy hoạch đang trong thời hạn kỷ luật."
    assert discipline.is_sensitive
    assert discipline.kind == FindingKind.VIOLATION


def test_nothing_is_drafted_without_evidence_or_by_others(scene: Scene, unit_officer: User) -> None:
    advance(scene, Stage.DEPLOYING)
    with pytest.raises(InspectionRefused, match="Chưa chốt số liệu"):
        findings_draft(actor=scene.lead, inspection=scene.inspection)
    take(scene)
    for user in (unit_officer, scene.outsider):
        with pytest.raises(PermissionDenied):
            findings_draft(actor=user, inspection=scene.inspection)


def test_the_suggested_deadline_is_the_end_of_the_third_month(scene: Scene) -> None:
    for last, due in (
        (dt.date(2026, 12, 25), dt.date(2027, 3, 31)),
        (dt.date(2026, 9, 1), dt.date(2026, 12, 31)),
        (dt.date(2026, 11, 30), dt.date(2027, 2, 28)),
    ):
        scene.inspection.ends_on = last
        assert due_suggested(scene.inspection) == due


def test_every_rule_has_its_words() -> None:
    assert set(WORDINGS) == {rule.code for rule in all_rules()}
    for rule in all_rules():
        assert WORDINGS[rule.code].of or WORDINGS[rule.code].many


@pytest.mark.usefixtures("sample")
def test_the_sample_province_is_drafted_as_counted_by_hand(provincial_officer: User) -> None:
    """Numbers come from the expected findings of the sample, counted here by another road."""
    from inspections.services import inspections as services

    department, province = (Unit.objects.get(code=code) for code in ("SNNMT", "CB"))
    with clock.frozen(SAMPLE_DAY + dt.timedelta(days=10)):
        inspection = services.inspection_open(
            actor=provincial_officer,
            values={
                "name": "Kiểm tra Sở Nông nghiệp và Môi trường",
                "unit": province,
                "decision_no": "1-QĐ/TU",
                "decision_on": SAMPLE_DAY,
                "issuer": "Tỉnh ủy",
                "subject": "Quy hoạch",
                "law_examined": "377-QĐ/TW",
                "period_from": dt.date(2022, 1, 1),
                "period_to": SAMPLE_DAY,
                "starts_on": SAMPLE_DAY,
                "ends_on": SAMPLE_DAY + dt.timedelta(days=30),
                "evidence_on": SAMPLE_DAY,
            },
        )
        (inspected,) = services.units_set(
            actor=provincial_officer,
            inspection=inspection,
            rows=[{"unit": department, "head": "Giám đốc Sở", "report_due_on": SAMPLE_DAY}],
        )
        inspection.stage = Stage.VERIFYING
        inspection.save()
        evidence_inline(evidence_take(actor=provincial_officer, inspection=inspection))
        findings_draft(actor=provincial_officer, inspection=inspection)
    found = {row.source: row for row in Finding.objects.filter(inspected_unit=inspected)}
    people = _people_of_the_sample()
    for rule in ("planning.remaining_service", "planning.qualification", "planning.evaluation"):
        bad, total = people[rule]
        assert found[f"{rule}:all"].text.startswith(f"{bad}/{total} đồng chí trong quy hoạch ")
    assert people["planning.remaining_service"] == (11, 45)
    single = [
        row for source, row in found.items() if source.startswith("planning.women_share:plan:")
    ]
    assert len([row for row in single if row.kind == FindingKind.SHORTCOMING]) == 4
    # The department's own titles failing the number of candidates are more than three: one sum.
    assert found["planning.candidates_per_title:pool:own"].text.startswith("7/16 chức danh")
    assert Evidence.objects.filter(inspected_unit=inspected).count() == 7
    assert not FindingEvidence.objects.filter(finding__kind=FindingKind.CAUSE).exists()


def _people_of_the_sample() -> dict[str, tuple[int, int]]:
    """By rule: how many different people fail, of how many judged, in SNNMT and below."""
    outcomes: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    lines = (DATA / "province-small.expected.jsonl").read_text(encoding="utf-8").splitlines()
    for line in lines:
        row = json.loads(line)
        if row["subject"] == "nomination" and (row["unit"] or "").startswith("SNNMT"):
            outcomes[row["rule"]][row["cadre"]].add(row["outcome"])
    return {
        rule: (sum("not_met" in each for each in people.values()), len(people))
        for rule, people in outcomes.items()
    }
