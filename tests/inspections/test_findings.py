"""Findings written and settled by people: conflicts, approval, dropping, order, proofs."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from cadre_portal.common import clock
from cadres.models import User
from inspections.choices import FindingKind, FindingState, SignState, Stage, TeamRole
from inspections.merging import EditClash, merge
from inspections.models import (
    Evidence,
    Finding,
    FindingEvidence,
    Objection,
    Recommendation,
    TeamReport,
)
from inspections.services import findings as services
from inspections.services import inspections as inspection_services
from inspections.services.corrections import correction_add
from inspections.services.drafting import findings_draft
from inspections.services.holding import InspectionRefused
from inspections.services.mandate import member_set
from tests import factories
from tests.inspections.conftest import TODAY, Scene, advance, take, told
from tests.support.standing import standing


@standing
def frozen_scene(opened_scene: Scene) -> Scene:
    """The team verifies, with a taking."""
    with clock.frozen(TODAY):
        advance(opened_scene, Stage.VERIFYING)
        take(opened_scene)
    return opened_scene


@pytest.fixture
def working(today: dt.date, frozen_scene: Scene) -> Scene:
    """The team verifies, with a taking."""
    return frozen_scene


def join(scene: Scene, name: str, role: TeamRole, *units: object) -> User:
    """Somebody more in the team."""
    user = factories.UserFactory(username=name)
    member_set(
        actor=scene.officer,
        inspection=scene.inspection,
        user=user,
        role=role,
        units=units,  # type: ignore[arg-type]
    )
    return user


# ---- Merging ---------------------------------------------------------------------------------


def test_only_what_both_changed_clashes() -> None:
    before = {"a": 1, "b": 1, "c": 1, "d": 1}
    merged, clashes = merge(
        before, {"a": 2, "b": 1, "c": 2, "d": 2}, {"a": 1, "b": 3, "c": 2, "d": 4}
    )
    assert merged == {"a": 2, "b": 3, "c": 2, "d": 2}
    assert [(each.name, each.before, each.mine, each.theirs) for each in clashes] == [
        ("d", 1, 2, 4)
    ]
    _merged, unknown = merge({}, {"a": 1}, {"a": 2})
    assert [each.name for each in unknown] == ["a"]


# ---- Writing ---------------------------------------------------------------------------------


def test_a_recommendation_names_who_by_when(working: Scene) -> None:
    values = {
        "inspected_unit": working.department,
        "kind": FindingKind.RECOMMENDATION,
        "topic": "ages",
        "severity": 3,
        "text": "Đề nghị bổ sung 1 đồng chí dưới 35 tuổi.",
        "head": "Giám đốc Sở",
        "due_on": dt.date(2026, 12, 31),
    }
    finding = services.finding_add(
        actor=working.secretary, inspection=working.inspection, values=values
    )
    assert finding.severity is None  # only shortcomings weigh
    asked = Recommendation.objects.get(finding=finding)
    assert (asked.unit, asked.head) == (working.organisation.department, "Giám đốc Sở")
    for broken, message in (
        ({"head": ""}, "cả người chịu trách nhiệm và hạn"),
        ({"due_on": dt.date(2020, 1, 1)}, "trước ngày bắt đầu"),
    ):
        with pytest.raises(ValidationError, match=message):
            services.finding_add(
                actor=working.lead, inspection=working.inspection, values={**values, **broken}
            )
    services.finding_change(
        actor=working.lead, finding=finding, version=0, values={"kind": FindingKind.CAUSE}
    )
    assert not Recommendation.objects.exists()


def test_an_edit_takes_the_approval_back(working: Scene) -> None:
    finding = told(working)
    services.finding_approve(actor=working.lead, finding=finding, version=0)
    changed = services.finding_change(
        actor=working.secretary, finding=finding, version=0, values={"text": "Lời khác."}
    )
    assert (changed.state, changed.approved_by) == (FindingState.EDITED, None)
    assert (changed.author, changed.version) == (working.secretary, 1)
    same = services.finding_change(
        actor=working.lead, finding=changed, version=1, values={"text": "Lời khác."}
    )
    assert same.author == working.secretary  # nothing changed


def test_of_two_editors_the_second_is_asked_where_both_changed(working: Scene) -> None:
    finding = told(working, "Lời đầu.")
    services.finding_change(
        actor=working.secretary,
        finding=finding,
        version=0,
        values={"text": "Lời của thư ký.", "topic": "ages"},
    )
    with pytest.raises(EditClash) as clash:
        services.finding_change(
            actor=working.lead, finding=finding, version=0, values={"text": "Lời trưởng đoàn."}
        )
    (one,) = clash.value.clashes
    assert (one.before, one.mine, one.theirs) == (
        "Lời đầu.",
        "Lời trưởng đoàn.",
        "Lời của thư ký.",
    )
    assert clash.value.who == str(working.secretary)
    assert clash.value.values["topic"] == "ages"
    finding.refresh_from_db()
    assert finding.text == "Lời của thư ký."
    # What only one of them changed is joined without asking.
    joined = services.finding_change(
        actor=working.lead,
        finding=finding,
        version=0,
        values={"severity": 2, "text": "Lời của thư ký."},
    )
    assert (joined.text, joined.topic, joined.severity) == ("Lời của thư ký.", "ages", 2)


# ---- Settling --------------------------------------------------------------------------------


def test_lead_and_deputy_approve_and_not_their_own_while_another_is_there(working: Scene) -> None:
    finding = told(working)
    for user in (working.secretary, working.officer, working.outsider):
        with pytest.raises(PermissionDenied):
            services.finding_approve(actor=user, finding=finding, version=0)
    mine = services.finding_change(
        actor=working.lead, finding=finding, version=0, values={"text": "Lời trưởng đoàn."}
    )
    # Alone at the head: then oneself.
    assert services.finding_approve(actor=working.lead, finding=mine, version=1).approved_by
    deputy = join(working, "phodoan", TeamRole.DEPUTY)
    again = services.finding_change(
        actor=working.lead, finding=mine, version=1, values={"text": "Lời khác."}
    )
    with pytest.raises(InspectionRefused, match="chính đồng chí sửa"):
        services.finding_approve(actor=working.lead, finding=again, version=2)
    with pytest.raises(InspectionRefused, match="vừa sửa"):
        services.finding_approve(actor=deputy, finding=again, version=1)
    approved = services.finding_approve(actor=deputy, finding=again, version=2)
    assert (approved.state, approved.approved_by) == (FindingState.APPROVED, deputy)


def test_several_are_approved_at_once_by_the_version_read(working: Scene) -> None:
    first, second = told(working, "Một."), told(working, "Hai.")
    services.finding_change(
        actor=working.secretary, finding=second, version=0, values={"text": "Hai, sửa."}
    )
    done, left = services.findings_approve(
        actor=working.lead,
        inspection=working.inspection,
        versions={first.pk: 0, second.pk: 0, 999_999: 0},
    )
    assert done == 1
    assert len(left) == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (FindingState.APPROVED, FindingState.EDITED)


def test_what_is_left_out_has_a_reason_and_comes_back(working: Scene) -> None:
    finding = told(working)
    with pytest.raises(ValidationError, match="lý do"):
        services.finding_drop(actor=working.lead, finding=finding, reason=" ")
    services.finding_drop(actor=working.lead, finding=finding, reason="Trùng")
    for act in (
        lambda: services.finding_change(
            actor=working.lead, finding=finding, version=1, values={"text": "a"}
        ),
        lambda: services.finding_approve(actor=working.lead, finding=finding, version=1),
    ):
        with pytest.raises(InspectionRefused, match="đã bỏ"):
            act()
    back = services.finding_restore(actor=working.lead, finding=finding)
    assert (back.state, back.dropped_for) == (FindingState.EDITED, "")


def test_findings_are_put_in_order(working: Scene) -> None:
    rows = [told(working, text, place=place) for place, text in enumerate("abc")]
    services.finding_move(actor=working.lead, finding=rows[2], step=-1)
    services.finding_move(actor=working.lead, finding=rows[0], step=-1)  # already first
    order = Finding.objects.filter(inspected_unit=working.department).order_by("place")
    assert list(order.values_list("text", flat=True)) == ["a", "c", "b"]


# ---- Proofs ----------------------------------------------------------------------------------


def test_a_finding_rests_on_evidence_of_its_own_unit(working: Scene) -> None:
    finding = told(working)
    own = Evidence.objects.get(plan=working.organisation.plan)
    other = Evidence.objects.get(plan=working.organisation.other_plan)
    key = own.content["findings"][0]["key"]
    for _twice in range(2):
        services.proofs_add(
            actor=working.lead, finding=finding, proofs=[{"evidence": own, "key": key}]
        )
    proof = FindingEvidence.objects.get()
    with pytest.raises(InspectionRefused, match="không thuộc đơn vị"):
        services.proofs_add(
            actor=working.lead, finding=finding, proofs=[{"evidence": other, "key": key}]
        )
    services.proof_remove(actor=working.lead, finding=finding, proof_id=proof.pk)
    assert not finding.proofs.exists()


def test_another_inspection_is_no_proof(working: Scene, provincial_officer: User) -> None:
    evidence = Evidence.objects.get(plan=working.organisation.plan)
    other = inspection_services.inspection_open(
        actor=provincial_officer,
        values={
            name: getattr(working.inspection, name)
            for name in (
                "name", "unit", "subject", "law_examined", "period_from", "period_to",
                "starts_on", "ends_on", "evidence_on", "decision_no", "decision_on", "issuer",
            )
        },
    )  # fmt: skip
    other.stage = Stage.VERIFYING
    other.save()
    finding = Finding.objects.create(
        inspection=other, kind="cause", topic="other", text="a", state="edited"
    )
    with pytest.raises(InspectionRefused, match="không thuộc"):
        services.proofs_add(
            actor=provincial_officer, finding=finding, proofs=[{"evidence": evidence, "key": "a"}]
        )


# ---- Who -------------------------------------------------------------------------------------


def test_members_work_on_the_units_assigned_and_nobody_else_at_all(
    working: Scene, unit_officer: User, approver: User
) -> None:
    member = join(working, "thanhvien", TeamRole.MEMBER, working.other)
    on_department = told(working)
    on_other = told(working, inspected_unit=working.other)
    acts: list[Callable[[User, Finding], object]] = [
        lambda user, row: services.finding_change(
            actor=user, finding=row, version=row.version, values={"text": "Khác."}
        ),
        lambda user, row: services.finding_move(actor=user, finding=row, step=1),
        lambda user, row: services.finding_drop(actor=user, finding=row, reason="Trùng"),
        lambda user, row: services.finding_restore(actor=user, finding=row),
    ]
    for act in acts:
        for user in (member, unit_officer, working.outsider):
            with pytest.raises(PermissionDenied):
                act(user, on_department)
        act(member, on_other)
        on_other.refresh_from_db()
    with pytest.raises(PermissionDenied):
        services.finding_change(actor=approver, finding=on_other, version=2, values={"text": "x"})
    drafts = findings_draft(actor=member, inspection=working.inspection)
    assert drafts.added
    drafted = Finding.objects.exclude(source="").values_list("inspected_unit", flat=True)
    assert set(drafted) == {working.other.pk}


# ---- The conclusion --------------------------------------------------------------------------


def conclude(scene: Scene) -> None:
    """Make the inspection concluded, whatever is missing."""
    scene.inspection.refresh_from_db()
    scene.inspection.stage = Stage.FOLLOWING
    scene.inspection.conclusion_no = "45-TB/TU"
    scene.inspection.concluded_on = dt.date(2026, 12, 1)
    scene.inspection.concluded_by = scene.officer
    scene.inspection.save()


def test_before_the_conclusion_is_issued_nothing_is_changed_any_more(working: Scene) -> None:
    finding = told(working)
    working.inspection.stage = Stage.CONCLUDING
    working.inspection.save()
    with pytest.raises(InspectionRefused, match="lùi về bước báo cáo"):
        services.finding_change(
            actor=working.lead, finding=finding, version=0, values={"text": "Khác."}
        )


def test_after_the_conclusion_only_a_correction_beside_it(working: Scene) -> None:
    finding = told(working, state="approved")
    objection = Objection.objects.create(
        finding=finding, text="Ý", raised_on=dt.date(2026, 12, 1), raised_by=working.officer
    )
    FindingEvidence.objects.create(finding=finding, evidence=Evidence.objects.first(), key="a")
    TeamReport.objects.create(inspection=working.inspection, strengths="a")
    with pytest.raises(InspectionRefused, match="chưa kết luận"):
        correction_add(actor=working.officer, finding=finding, after="b", reason="c", document="d")
    conclude(working)
    with pytest.raises(InspectionRefused, match="chỉ đính chính"):
        services.finding_change(
            actor=working.lead, finding=finding, version=0, values={"text": "Khác."}
        )
    for act in (
        lambda: Finding.objects.filter(pk=finding.pk).update(text="Khác"),
        lambda: Finding.objects.create(
            inspection=working.inspection, kind="cause", topic="other", text="a", state="edited"
        ),
        lambda: TeamReport.objects.update(strengths="Khác"),
        lambda: FindingEvidence.objects.all().delete(),
        lambda: Objection.objects.filter(pk=objection.pk).update(text="Khác"),
    ):
        with pytest.raises((IntegrityError, ProtectedError)), transaction.atomic():
            act()
    for actor in (working.lead, working.secretary):
        with pytest.raises(PermissionDenied):
            correction_add(actor=actor, finding=finding, after="b", reason="c", document="d")
    with pytest.raises(ValidationError, match="giống như trước"):
        correction_add(
            actor=working.officer, finding=finding, after=finding.text, reason="c", document="d"
        )
    first = correction_add(
        actor=working.officer,
        finding=finding,
        after="Quy hoạch có 1 người từ nơi khác.",
        reason="Tính thiếu một đồng chí",
        document="Công văn 9-CV/TU",
    )
    second = correction_add(
        actor=working.officer, finding=finding, after="Có 2 người.", reason="c", document="d"
    )
    assert first.before == finding.text
    assert second.before == first.after
    finding.refresh_from_db()
    assert finding.text == "Quy hoạch còn khép kín."
    with pytest.raises(IntegrityError), transaction.atomic():
        finding.corrections.update(after="Khác")


@pytest.mark.django_db(transaction=True)
def test_who_edits_while_another_concludes_is_told(working: Scene, approver: User) -> None:
    """The editor waits for the conclusion that is being issued, and is then refused."""
    finding = told(working, state="approved")
    TeamReport.objects.create(
        inspection=working.inspection,
        strengths="a",
        state=SignState.SIGNED,
        number="1",
        signed_on=dt.date(2026, 12, 1),
        signed_by=working.lead,
    )
    working.inspection.stage = Stage.CONCLUDING
    working.inspection.save()
    began, said = threading.Event(), []

    def edit() -> None:
        began.set()
        try:
            services.finding_change(
                actor=working.lead, finding=finding, version=0, values={"text": "Khác."}
            )
        except InspectionRefused as refused:
            said.extend(refused.reasons)
        finally:
            connection.close()

    editor = threading.Thread(target=edit)
    with transaction.atomic():
        inspection_services.inspection_conclude(
            actor=approver,
            inspection=working.inspection,
            conclusion_no="45-TB/TU",
            concluded_on=dt.date(2026, 12, 1),
        )
        editor.start()
        assert began.wait(10)
    editor.join(30)
    assert said
    assert "chỉ đính chính" in said[0]
    finding.refresh_from_db()
    assert finding.text == "Quy hoạch còn khép kín."


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_once_lose_nothing(working: Scene) -> None:
    finding = told(working, "Lời đầu.")
    start, outcomes = threading.Barrier(2), []

    def edit(user: User, text: str) -> None:
        start.wait(10)
        try:
            services.finding_change(actor=user, finding=finding, version=0, values={"text": text})
            outcomes.append(("saved", text))
        except EditClash as clash:
            outcomes.append(("told", str(clash.clashes[0].theirs)))
        finally:
            connection.close()

    editors = [
        threading.Thread(target=edit, args=(working.lead, "Một.")),
        threading.Thread(target=edit, args=(working.secretary, "Hai.")),
    ]
    for each in editors:
        each.start()
    for each in editors:
        each.join(30)
    saved = [text for what, text in outcomes if what == "saved"]
    seen = [text for what, text in outcomes if what == "told"]
    assert len(saved) == 1
    assert seen == saved
    finding.refresh_from_db()
    assert finding.text == saved[0]
