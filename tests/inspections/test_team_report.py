"""The team's report: the synthesis, signatures in their order, what takes them back; objections."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cadre_portal.common import clock
from cadres.models import Notice, User
from inspections.choices import FindingState, MinutesKind, SignState, Stage, TeamRole
from inspections.merging import EditClash
from inspections.models import Finding, FindingEvidence, Minutes, Objection, TeamReport
from inspections.selectors.inspections import obstacles
from inspections.services import findings as finding_services
from inspections.services import inspections as inspection_services
from inspections.services import objections as objection_services
from inspections.services import team_report as services
from inspections.services.holding import InspectionRefused
from inspections.services.mandate import member_set
from tests import factories
from tests.inspections.conftest import TODAY, Scene, advance, signatures, take, told
from tests.support.standing import standing


@standing
def reporting_scene(opened_scene: Scene) -> Scene:
    """The team writes its report: two approved findings, one of them sensitive."""
    with clock.frozen(TODAY):
        return _reporting(opened_scene)


@pytest.fixture
def reporting(today: dt.date, reporting_scene: Scene) -> Scene:
    """The team writes its report."""
    return reporting_scene


def _reporting(scene: Scene) -> Scene:
    advance(scene, Stage.VERIFYING)
    taking = take(scene)
    for text, values in (
        ("Có 4/10 đồng chí nữ.", {"kind": "strength", "topic": "women"}),
        ("Chưa có người từ nơi khác.", {}),
        ("Chưa phân công rà soát.", {"kind": "cause", "topic": "review"}),
        ("1/4 đồng chí đang kỷ luật.", {"topic": "discipline", "is_sensitive": True}),
    ):
        row = told(scene, text, state="approved", **values)
        FindingEvidence.objects.create(
            finding=row,
            evidence=taking.evidence.filter(inspected_unit=scene.department).first(),
            key="a",
        )
    for inspected in (scene.department, scene.other):
        Minutes.objects.create(
            inspection=scene.inspection,
            inspected_unit=inspected,
            kind=MinutesKind.WORKING,
            held_on=TODAY,
            text="Làm việc",
            **signatures(scene.lead),
        )
    inspection_services.inspection_advance(actor=scene.officer, inspection=scene.inspection)
    scene.inspection.refresh_from_db()
    assert scene.inspection.stage == Stage.REPORTING
    return scene


def written(scene: Scene) -> TeamReport:
    """The report with texts, unsigned."""
    return services.report_save(
        actor=scene.secretary,
        inspection=scene.inspection,
        version=0,
        values={"strengths": "Ưu điểm.", "shortcomings": "Hạn chế."},
    )


def sign(scene: Scene, user: User, report: TeamReport, **more: object) -> TeamReport:
    """The signature that is owed next."""
    return services.report_sign_off(
        actor=user, inspection=scene.inspection, version=report.version, **more
    )


def deputy_of(scene: Scene) -> User:
    """A deputy lead joins."""
    user = factories.UserFactory(username="phodoan")
    member_set(actor=scene.officer, inspection=scene.inspection, user=user, role=TeamRole.DEPUTY)
    return user


# ---- The synthesis ---------------------------------------------------------------------------


def test_the_synthesis_groups_approved_findings_by_topic_and_unit(reporting: Scene) -> None:
    told(reporting, "Chưa duyệt.", state="edited")
    found = services.report_prefill(reporting.secretary, reporting.inspection)
    assert found["strengths"] == "a) Cán bộ nữ\n- Sở Nội vụ: Có 4/10 đồng chí nữ."
    assert found["shortcomings"] == (
        "a) Tính “mở”\n- Sở Nội vụ: Chưa có người từ nơi khác."
        "\n\nNguyên nhân\n- Sở Nội vụ: Chưa phân công rà soát."
    )
    assert "Quyết định số 214-QĐ/TU ngày 20/11/2026 của Ban Thường vụ Tỉnh ủy" in found["overview"]
    assert "ghi nhận 1 ưu điểm, 1 hạn chế, khuyết điểm" in found["overview"]
    anew = User.objects.get(pk=reporting.secretary.pk)  # grants are read once a request
    whole = services.report_prefill(anew, reporting.inspection, with_sensitive=True)
    assert "đang kỷ luật" in whole["shortcomings"]


def test_who_writes_it(reporting: Scene, unit_officer: User, approver: User) -> None:
    for user in (unit_officer, approver, reporting.officer, reporting.outsider):
        with pytest.raises(PermissionDenied):
            services.report_save(
                actor=user, inspection=reporting.inspection, version=0, values={"strengths": "a"}
            )
    assert written(reporting).version == 1


def test_of_two_writers_the_second_is_asked(reporting: Scene) -> None:
    report = written(reporting)
    services.report_save(
        actor=reporting.secretary,
        inspection=reporting.inspection,
        version=1,
        values={"strengths": "Thư ký viết."},
    )
    joined = services.report_save(
        actor=reporting.lead,
        inspection=reporting.inspection,
        version=1,
        values={"strengths": "Ưu điểm.", "proposals": "Đề nghị."},
    )
    assert (joined.strengths, joined.proposals) == ("Thư ký viết.", "Đề nghị.")
    with pytest.raises(EditClash) as clash:
        services.report_save(
            actor=reporting.secretary,
            inspection=reporting.inspection,
            version=report.version,
            values={"strengths": "Bản thứ ba."},
        )
    (one,) = clash.value.clashes
    assert (one.before, one.theirs) == ("Ưu điểm.", "Thư ký viết.")


# ---- Signing ---------------------------------------------------------------------------------


def test_signatures_come_in_order_and_the_lead_has_number_and_day(reporting: Scene) -> None:
    deputy = deputy_of(reporting)
    report = written(reporting)
    for user in (reporting.lead, deputy):
        with pytest.raises(InspectionRefused, match="Chưa đến lượt: đang chờ thư ký"):
            sign(reporting, user, report, number="12-BC/ĐKT", signed_on=TODAY)
    for user in (reporting.officer, reporting.outsider):
        with pytest.raises(PermissionDenied):
            sign(reporting, user, report)
    report = sign(reporting, reporting.secretary, report)
    with pytest.raises(InspectionRefused, match="đang chờ phó trưởng đoàn"):
        sign(reporting, reporting.lead, report, number="12-BC/ĐKT", signed_on=TODAY)
    assert Notice.objects.filter(user=deputy, text__contains="Đến lượt ký").exists()
    report = sign(reporting, deputy, report)
    with pytest.raises(InspectionRefused) as refused:
        sign(reporting, reporting.lead, report)
    assert refused.value.reasons == ["Thiếu số báo cáo.", "Thiếu ngày ký."]
    with pytest.raises(InspectionRefused, match="sau hôm nay"):
        sign(
            reporting,
            reporting.lead,
            report,
            number="12-BC/ĐKT",
            signed_on=TODAY + dt.timedelta(days=1),
        )
    report = sign(reporting, reporting.lead, report, number="12-BC/ĐKT", signed_on=TODAY)
    assert (report.state, report.signed_by) == (SignState.SIGNED, reporting.lead)
    assert not obstacles(reporting.inspection)
    with pytest.raises(InspectionRefused, match="đã ký"):
        sign(reporting, reporting.lead, report, number="13", signed_on=TODAY)


def test_without_a_deputy_the_lead_follows_the_secretary(reporting: Scene) -> None:
    report = sign(reporting, reporting.secretary, written(reporting))
    report = sign(reporting, reporting.lead, report, number="12-BC/ĐKT", signed_on=TODAY)
    assert report.state == SignState.SIGNED


def test_nobody_signs_what_they_have_not_read(reporting: Scene) -> None:
    report = written(reporting)
    report.version -= 1
    with pytest.raises(InspectionRefused, match="vừa được người khác sửa"):
        sign(reporting, reporting.secretary, report)


@pytest.mark.parametrize("change", ["report", "finding", "new finding", "return"])
def test_any_change_takes_the_signatures_back(reporting: Scene, change: str) -> None:
    report = sign(reporting, reporting.secretary, written(reporting))
    report = sign(reporting, reporting.lead, report, number="12-BC/ĐKT", signed_on=TODAY)
    if change == "report":
        services.report_save(
            actor=reporting.secretary,
            inspection=reporting.inspection,
            version=report.version,
            values={"overview": "Khác."},
        )
    elif change == "finding":
        finding_services.finding_change(
            actor=reporting.secretary,
            finding=Finding.objects.filter(is_sensitive=False).first(),
            version=0,
            values={"text": "Khác."},
        )
    elif change == "new finding":
        finding_services.finding_add(
            actor=reporting.secretary,
            inspection=reporting.inspection,
            values={"kind": "cause", "topic": "other", "text": "Thêm."},
        )
    else:
        with pytest.raises(InspectionRefused, match="nội dung cần sửa"):
            services.report_return(
                actor=reporting.lead, inspection=reporting.inspection, reason=" "
            )
        services.report_return(
            actor=reporting.lead, inspection=reporting.inspection, reason="Thiếu số liệu"
        )
        told_of = Notice.objects.filter(user=reporting.secretary, text__contains="Thiếu số liệu")
        assert told_of.exists()
    report.refresh_from_db()
    assert (report.state, report.signed_by, report.signed_on) == (SignState.DRAFT, None, None)
    assert (report.number, report.synthesised_by) == ("", None)
    assert any("chưa được trưởng đoàn ký" in each.text for each in obstacles(reporting.inspection))


def test_saving_the_same_again_keeps_the_signatures(reporting: Scene) -> None:
    report = sign(reporting, reporting.secretary, written(reporting))
    again = services.report_save(
        actor=reporting.secretary,
        inspection=reporting.inspection,
        version=report.version,
        values={"strengths": "Ưu điểm.", "shortcomings": "Hạn chế."},
    )
    assert again.state == SignState.SYNTHESISED


def test_the_conclusion_is_issued_by_an_approver_outside_the_team(
    reporting: Scene, approver: User
) -> None:
    report = sign(reporting, reporting.secretary, written(reporting))
    sign(reporting, reporting.lead, report, number="12-BC/ĐKT", signed_on=TODAY)
    inspection_services.inspection_advance(actor=reporting.officer, inspection=reporting.inspection)
    values = {"conclusion_no": "45-TB/TU", "concluded_on": TODAY}
    for user in (reporting.lead, reporting.secretary, reporting.officer):
        with pytest.raises(PermissionDenied):
            inspection_services.inspection_conclude(
                actor=user, inspection=reporting.inspection, **values
            )
    inspection_services.inspection_conclude(
        actor=approver, inspection=reporting.inspection, **values
    )
    reporting.inspection.refresh_from_db()
    assert reporting.inspection.is_concluded
    with pytest.raises(InspectionRefused, match="chỉ đính chính"):
        services.report_save(
            actor=reporting.secretary,
            inspection=reporting.inspection,
            version=1,
            values={"overview": "Khác."},
        )


# ---- Objections ------------------------------------------------------------------------------


def test_a_unit_objects_to_what_was_approved_on_it_and_the_team_answers(
    reporting: Scene, unit_officer: User, other_unit_officer: User
) -> None:
    finding = Finding.objects.get(text="Chưa có người từ nơi khác.")
    for user in (other_unit_officer, reporting.lead, reporting.outsider):
        with pytest.raises(PermissionDenied):
            objection_services.objection_raise(actor=user, finding=finding, text="Không đúng.")
    with pytest.raises(ValidationError, match="ý kiến"):
        objection_services.objection_raise(actor=unit_officer, finding=finding, text=" ")
    objection = objection_services.objection_raise(
        actor=unit_officer, finding=finding, text="Đã có 1 đồng chí từ Sở Y tế."
    )
    assert any("chưa được trả lời" in each.text for each in obstacles(reporting.inspection))
    assert Notice.objects.filter(user=reporting.lead, text__contains="có ý kiến").exists()
    for user in (unit_officer, reporting.outsider):
        with pytest.raises(PermissionDenied):
            objection_services.objection_answer(actor=user, objection=objection, text="a")
    objection_services.objection_answer(
        actor=reporting.secretary, objection=objection, text="Đoàn giữ nhận định."
    )
    assert Notice.objects.filter(user=unit_officer, text__contains="đã trả lời").exists()
    with pytest.raises(InspectionRefused, match="đã được trả lời"):
        objection_services.objection_answer(actor=reporting.lead, objection=objection, text="Khác.")
    objection.refresh_from_db()
    assert objection.answer == "Đoàn giữ nhận định."


def test_nobody_objects_to_what_is_being_revised_or_too_late(
    reporting: Scene, unit_officer: User
) -> None:
    finding = told(reporting)
    with pytest.raises(InspectionRefused, match="đang xem lại"):
        objection_services.objection_raise(actor=unit_officer, finding=finding, text="Không.")
    finding.state = FindingState.APPROVED
    finding.save()
    reporting.inspection.stage = Stage.CONCLUDING
    reporting.inspection.save()
    with pytest.raises(InspectionRefused, match="Lúc này không gửi"):
        objection_services.objection_raise(actor=unit_officer, finding=finding, text="Không.")
    assert not Objection.objects.exists()
