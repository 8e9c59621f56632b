"""An inspection that has come to its report: everything that its papers are made of."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest

from cadre_portal.common import clock
from inspections.choices import (
    AnswerKind,
    FindingKind,
    FindingState,
    MinutesKind,
    ReportState,
    SignState,
    Stage,
    Topic,
)
from inspections.models import (
    EvidenceTaking,
    Finding,
    InspectedUnit,
    Inspection,
    Minutes,
    Recommendation,
    SelfAnswer,
    SelfReport,
    SelfSubmission,
    TeamReport,
)
from inspections.selectors.self_reports import ASSESSMENT
from inspections.services.evidence import evidence_inline, evidence_take
from tests.inspections.conftest import TODAY, Scene, advance, signatures
from tests.support.standing import standing

DAY = dt.date(2026, 11, 30)


@dataclass(frozen=True)
class Written:
    """The scene with what was written in it."""

    scene: Scene
    inspection: Inspection
    taking: EvidenceTaking
    deployed: Minutes
    met: Minutes
    secret: Finding


def finding(scene: Scene, unit: InspectedUnit | None, kind: str, topic: str, text: str, **more):
    """An approved finding."""
    found: Finding = Finding.objects.create(
        inspection=scene.inspection,
        inspected_unit=unit,
        kind=kind,
        topic=topic,
        text=text,
        state=FindingState.APPROVED,
        author=scene.lead,
        **more,
    )
    return found


def submit(report: SelfReport, scene: Scene) -> None:
    """Submit what is written so far."""
    told = {"number": "41-BC/SNV", "submitted_on": DAY, "submitted_by": scene.officer}
    SelfSubmission.objects.create(
        report=report,
        answers={
            str(each.item_id): {"text": each.text, "table": each.table}
            for each in report.answers.all()
        },
        **told,
        **{name: getattr(report, name) for name in ASSESSMENT},
    )
    SelfReport.objects.filter(pk=report.pk).update(state=ReportState.SUBMITTED, **told)


def write(scene: Scene, stage: Stage = Stage.REPORTING) -> Written:
    """Lead the inspection to a step with minutes, self-reports, findings, the signed report."""
    inspection = scene.inspection
    inspection.purpose = "Đánh giá việc thực hiện quy định.\nBảo đảm khách quan, chính xác"
    inspection.save()
    for user, name in ((scene.lead, "Lương Thị Bích Thảo"), (scene.secretary, "Vi Văn Lợi")):
        user.full_name = name
        user.save()
    advance(scene, Stage.SELF_REPORTING)
    deployed = inspection.minutes.get(kind=MinutesKind.DEPLOY)
    report = SelfReport.objects.create(
        inspected_unit=scene.department,
        strengths="Quan tâm công tác quy hoạch",
        shortcomings="Chưa đủ ba độ tuổi",
    )
    for item in inspection.outline.all():
        if item.kind == AnswerKind.TABLE and item.topic == Topic.AGES:
            rows = [["Giám đốc", 1, 1], ["Phó Giám đốc & <khác>", 2, None]]
            table = {"columns": [{"label": "Chức danh"}, {"label": "Số lượng", "num": True},
                                 {"label": "Nữ", "num": True}], "rows": rows}  # fmt: skip
            SelfAnswer.objects.create(report=report, item=item, table=table)
        if item.kind == AnswerKind.TEXT:
            SelfAnswer.objects.create(report=report, item=item, text="Đã phân công\nđồng chí A")
    submit(report, scene)
    met = Minutes.objects.create(
        inspection=inspection,
        inspected_unit=scene.department,
        kind=MinutesKind.WORKING,
        number="02-BB/ĐKT",
        held_on=DAY,
        place="Sở Nội vụ",
        participants="Đoàn kiểm tra\nLãnh đạo Sở",
        text="Trao đổi về báo cáo.",
        **signatures(scene.lead),
    )
    taking = evidence_inline(evidence_take(actor=scene.lead, inspection=inspection))
    finding(scene, scene.department, FindingKind.STRENGTH, Topic.WOMEN, "Tỷ lệ nữ vượt mức yêu cầu")
    finding(
        scene,
        scene.department,
        FindingKind.SHORTCOMING,
        Topic.AGES,
        "Chưa bảo đảm ba độ tuổi: không có đồng chí nào dưới 40 tuổi.",
    )
    finding(scene, scene.department, FindingKind.CAUSE, Topic.AGES, "Chưa tạo nguồn cán bộ trẻ")
    finding(scene, scene.other, FindingKind.SHORTCOMING, Topic.OPENNESS, "Quy hoạch còn khép kín")
    finding(scene, None, FindingKind.STRENGTH, Topic.HEAD, "Cấp ủy đã quán triệt quy định")
    secret = finding(
        scene,
        scene.department,
        FindingKind.VIOLATION,
        Topic.DISCIPLINE,
        "Một đồng chí bị kỷ luật Cách chức vẫn trong quy hoạch",
        is_sensitive=True,
    )
    asked = finding(
        scene, scene.department, FindingKind.RECOMMENDATION, Topic.AGES,
        "Bổ sung ít nhất 1 đồng chí dưới 40 tuổi",
    )  # fmt: skip
    Recommendation.objects.create(
        finding=asked,
        unit=scene.organisation.department,
        head="Giám đốc Sở Nội vụ",
        due_on=dt.date(2027, 1, 31),
    )
    TeamReport.objects.create(
        inspection=inspection,
        state=SignState.SIGNED,
        number="05-BC/ĐKT",
        signed_on=clock.today(),
        signed_by=scene.lead,
        overview="Đoàn đã kiểm tra hai đơn vị.",
        strengths="Các đơn vị chấp hành nghiêm.",
        shortcomings="Ba độ tuổi chưa bảo đảm.\nNguyên nhân\n- Thiếu nguồn cán bộ trẻ",
        proposals="",
    )
    Inspection.objects.filter(pk=inspection.pk).update(stage=stage)
    inspection.refresh_from_db()
    return Written(scene, inspection, taking, deployed, met, secret)


@standing
def written_scene(opened_scene: Scene) -> Written:
    """An inspection with its report signed."""
    with clock.frozen(TODAY):
        return write(opened_scene)


@pytest.fixture
def written(today: dt.date, written_scene: Written) -> Written:
    """The same, on the day on which its papers are looked at."""
    return written_scene


def conclude(written: Written, approver) -> None:
    """Issue the conclusion."""
    Inspection.objects.filter(pk=written.inspection.pk).update(
        stage=Stage.FOLLOWING,
        conclusion_no="77-TB/TU",
        concluded_on=clock.today(),
        concluded_by=approver,
    )
    written.inspection.refresh_from_db()
