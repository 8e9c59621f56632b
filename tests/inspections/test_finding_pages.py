"""Pages of evidence, findings, report and conclusion: who sees what, what is shown, how dear."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadre_portal.common import clock
from cadres.models import FileOpening, User
from inspections.choices import FindingKind, FindingState, SignState, Stage, TeamRole
from inspections.models import (
    Evidence,
    EvidenceTaking,
    Finding,
    FindingEvidence,
    Objection,
    Recommendation,
    TeamReport,
)
from inspections.services import findings as services
from inspections.services.drafting import findings_draft
from inspections.services.mandate import member_set
from tests import factories
from tests.inspections.conftest import TODAY, Scene, advance, take, told
from tests.support.standing import standing

Browser = Callable[[User], Client]


@standing
def drafted_scene(opened_scene: Scene) -> Scene:
    """The team verifies; both units are frozen and drafted; three people in one plan."""
    with clock.frozen(TODAY):
        return _drafted(opened_scene)


@pytest.fixture
def working(today: dt.date, drafted_scene: Scene) -> Scene:
    """The team verifies drafts."""
    return drafted_scene


def _drafted(scene: Scene) -> Scene:
    factories.TargetFactory(unit=scene.organisation.province, value=90)
    pool = factories.pool_of(scene.organisation.plan, scene.organisation.deputy)
    for code in ("CB-1", "CB-2"):
        factories.NominationFactory(
            pool=pool,
            cadre=factories.CadreFactory(code=code, full_name=f"Vi Văn {code}", sex="male"),
        )
    factories.DisciplineFactory(cadre=scene.organisation.insider)
    advance(scene, Stage.VERIFYING)
    take(scene)
    findings_draft(actor=scene.lead, inspection=scene.inspection)
    return scene


def member_of(scene: Scene, name: str, *units: Any) -> User:
    """A plain member."""
    user = factories.UserFactory(username=name)
    member_set(
        actor=scene.officer,
        inspection=scene.inspection,
        user=user,
        role=TeamRole.MEMBER,
        units=units,
    )
    return User.objects.get(pk=user.pk)


def page(name: str, *args: int) -> str:
    return reverse(f"inspections:{name}", args=args)


def women(scene: Scene) -> Finding:
    """The drafted shortcoming on the share of women in Sở Nội vụ."""
    found = Finding.objects.filter(
        inspected_unit=scene.department, topic="women", kind=FindingKind.SHORTCOMING
    ).first()
    assert found
    return found


def findings_page(scene: Scene, **query: Any) -> str:
    text = "&".join(f"{key.replace('_', '-')}={value}" for key, value in query.items())
    return f"{page('inspection-findings', scene.inspection.pk)}?{text}"


# ---- Who sees what ---------------------------------------------------------------------------

_OF_INSPECTION = (
    "inspection-evidence", "inspection-findings", "inspection-comparison",
    "inspection-team-report", "team-report-edit", "finding-add", "inspection-conclude",
)  # fmt: skip
_OF_FINDING = (
    "finding-detail", "finding-edit", "finding-drop", "finding-proofs", "finding-correct",
)  # fmt: skip
_POSTS = ("evidence-take", "findings-draft", "findings-approve", "team-report-sign",
          "team-report-return")  # fmt: skip
_POSTS_OF_FINDING = ("finding-approve", "finding-restore", "finding-move")


def test_for_another_team_nothing_of_it_is_there(
    working: Scene, signed_in: Browser, auditor: User, unit_officer: User
) -> None:
    inspection, finding = working.inspection.pk, women(working)
    proof = finding.proofs.first()
    assert proof
    taking = EvidenceTaking.objects.get()
    for user in (working.outsider, auditor, unit_officer):
        browser = signed_in(user)
        gets = [page(name, inspection) for name in _OF_INSPECTION]
        gets += [page(name, inspection, finding.pk) for name in _OF_FINDING]
        gets += [
            page("finding-proof", inspection, finding.pk, proof.pk),
            page("evidence-progress", inspection, taking.pk),
            page("evidence-detail", proof.evidence_id or 0),
        ]
        for url in gets:
            assert browser.get(url).status_code == 404, url
        posts = [page(name, inspection) for name in _POSTS]
        posts += [page(name, inspection, finding.pk) for name in _POSTS_OF_FINDING]
        posts += [
            page("evidence-resume", inspection, taking.pk),
            page("evidence-stop", inspection, taking.pk),
            page("finding-proof-remove", inspection, finding.pk, proof.pk),
        ]
        for url in posts:
            assert browser.post(url).status_code == 404, url


def test_a_member_sees_the_units_assigned(working: Scene, signed_in: Browser) -> None:
    browser = signed_in(member_of(working, "thanhvien", working.other))
    shown = browser.get(findings_page(working, don_vi="tat-ca")).content.decode()
    assert "Sở Y tế" in shown
    assert women(working).text not in shown
    assert browser.get(findings_page(working, don_vi=working.department.pk)).status_code == 404
    url = page("finding-detail", working.inspection.pk, women(working).pk)
    assert browser.get(url).status_code == 404
    own, others = (
        Evidence.objects.get(plan=plan)
        for plan in (working.organisation.other_plan, working.organisation.plan)
    )
    assert browser.get(page("evidence-detail", own.pk)).status_code == 200
    assert browser.get(page("evidence-detail", others.pk)).status_code == 404
    compared = browser.get(page("inspection-comparison", working.inspection.pk)).content.decode()
    assert "Sở Nội vụ" not in compared.split("<table")[1]


def test_evidence_is_read_within_the_mandate_only(working: Scene, signed_in: Browser) -> None:
    evidence = Evidence.objects.get(plan=working.organisation.plan)
    browser = signed_in(working.lead)
    assert browser.get(page("evidence-detail", evidence.pk)).status_code == 200
    with clock.frozen(dt.date(2026, 12, 26)):
        assert browser.get(page("evidence-detail", evidence.pk)).status_code == 404
        kept = browser.get(page("inspection-evidence", working.inspection.pk))
        assert "Thời hạn được đọc số liệu đã hết" in kept.content.decode()
        assert (
            signed_in(working.officer).get(page("evidence-detail", evidence.pk)).status_code == 200
        )


def test_sensitive_findings_are_for_who_may_see_them_there(
    working: Scene, signed_in: Browser
) -> None:
    text = Finding.objects.get(source="planning.discipline:all").text
    url = findings_page(working, don_vi=working.department.pk)
    assert text in signed_in(working.lead).get(url).content.decode()
    with clock.frozen(dt.date(2026, 12, 26)):  # the mandate is over, the team is still a team
        shown = signed_in(working.lead).get(url).content.decode()
    assert text not in shown
    assert women(working).text.split(",")[0] in shown


def test_who_opens_evidence_is_recorded(working: Scene, signed_in: Browser) -> None:
    evidence = Evidence.objects.get(plan=working.organisation.plan)
    url = page("evidence-detail", evidence.pk)
    browser = signed_in(working.lead)
    browser.get(url)
    assert not FileOpening.objects.exists()
    key = f"planning.women_share:plan:{working.organisation.plan.pk}"
    browser.get(f"{url}?ket-qua={key}")
    opened = set(FileOpening.objects.values_list("actor", "cadre_code"))
    assert opened == {(working.lead.pk, code) for code in ("CB-NV", "CB-1", "CB-2")}


# ---- Evidence --------------------------------------------------------------------------------


def test_one_result_shows_its_people_by_the_count_they_fall_under(
    working: Scene, signed_in: Browser
) -> None:
    evidence = Evidence.objects.get(plan=working.organisation.plan)
    key = f"planning.women_share:plan:{working.organisation.plan.pk}"
    shown = signed_in(working.lead).get(f"{page('evidence-detail', evidence.pk)}?ket-qua={key}")
    groups = {each["label"]: each for each in shown.context["groups"]}
    assert {label: each["count"] for label, each in groups.items()} == {"Nữ": 1, "Nam": 2}
    (woman,) = groups["Nữ"]["people"]
    assert (woman["name"], woman["born"], woman["age"]) == ("Nông Thị Ánh", "20/05/1985", 41)
    text = shown.content.decode()
    assert "Nữ 1/3 (33,3\u00a0%), cần ít nhất 90\u00a0%" in text
    assert evidence.digest in text
    assert "Vẫn chưa đạt" in text
    assert "không đổi từ khi chốt" in text


def test_what_changed_since_is_told_for_both_days(working: Scene, signed_in: Browser) -> None:
    person = working.organisation.insider
    person.birth_date = dt.date(1984, 1, 1)
    person.save()
    pool = factories.pool_of(working.organisation.plan, working.organisation.deputy)
    for code in ("CB-8", "CB-9"):
        factories.NominationFactory(
            pool=pool,
            cadre=factories.CadreFactory(code=code, full_name="Lục Thị Oanh"),
            nominated_on=dt.date(2026, 11, 1),  # after the frozen day
        )
    evidence = Evidence.objects.get(plan=working.organisation.plan)
    key = f"planning.women_share:plan:{working.organisation.plan.pk}"
    url = f"{page('evidence-detail', evidence.pk)}?ket-qua={key}"
    now = signed_in(working.lead).get(url).context["now"]
    assert [row["name"] for row in now["then"]["people"]] == ["Nông Thị Ánh"]
    assert now["then"]["people"][0]["was"] == "ngày sinh: 20/05/1985"
    assert len(now["since"]["people"]) == 3
    assert "Nữ 3/5" in now["since"]["message"]
    assert now["since"]["is_moved"]
    frozen = Evidence.objects.get(pk=evidence.pk)
    assert frozen.digest == evidence.digest


def test_evidence_is_taken_resumed_and_stopped_from_the_page(
    working: Scene, signed_in: Browser
) -> None:
    browser = signed_in(working.lead)
    url = page("inspection-evidence", working.inspection.pk)
    browser.post(page("evidence-take", working.inspection.pk))
    taking = EvidenceTaking.objects.get(state="running")
    shown = browser.get(url)
    assert shown.context["job"]["total"] == 2
    assert "Chạy tiếp" not in shown.content.decode()
    long_ago = clock.now() - dt.timedelta(minutes=6)
    EvidenceTaking.objects.filter(pk=taking.pk).update(asked_at=long_ago)
    assert "Chạy tiếp" in browser.get(url).content.decode()
    browser.post(page("evidence-resume", working.inspection.pk, taking.pk))
    browser.post(page("evidence-stop", working.inspection.pk, taking.pk))
    taking.refresh_from_db()
    assert (taking.state, taking.error[:24]) == ("failed", "Lần chốt số liệu đã được")
    assert "dừng theo yêu cầu" in browser.get(url).content.decode()
    part = browser.get(
        page("evidence-progress", working.inspection.pk, taking.pk), headers={"hx-request": "true"}
    )
    assert part.headers["HX-Refresh"] == "true"


# ---- Findings --------------------------------------------------------------------------------


def test_cards_filters_and_counts(working: Scene, signed_in: Browser) -> None:
    browser = signed_in(working.lead)
    shown = browser.get(findings_page(working, don_vi=working.department.pk))
    own = Finding.objects.filter(inspected_unit=working.department)
    assert len(shown.context["cards"]) == own.count()
    unit = shown.context["units"][0]
    assert (unit["name"], unit["total"], unit["waiting"]) == (
        "Sở Nội vụ",
        own.count(),
        f"{own.count()} chờ duyệt",
    )
    only = browser.get(
        findings_page(working, don_vi=working.department.pk, chu_de="women", loai="shortcoming")
    )
    assert [card["finding"].pk for card in only.context["cards"]] == [women(working).pk]
    assert browser.get(findings_page(working, loai="khong-co")).status_code == 200


def test_the_drawer_opens_with_and_without_script(working: Scene, signed_in: Browser) -> None:
    finding = women(working)
    taking = EvidenceTaking.objects.get()
    other = taking.evidence.get(inspected_unit=working.department, plan=None)
    services.proofs_add(
        actor=working.lead,
        finding=finding,
        proofs=[{"evidence": other, "key": "observed.rotations"}],
    )
    first, second = finding.proofs.order_by("pk")
    browser = signed_in(working.lead)
    whole = browser.get(findings_page(working, don_vi=working.department.pk, bc=first.pk))
    around = whole.context["drawer"]["around"]
    assert (around["place"], around["total"], "previous" in around) == (1, 2, False)
    assert "Ai được tính vào nhóm nào" in whole.content.decode()
    assert browser.get(around["next"]["href"].split("#")[0]).status_code == 200
    part = browser.get(around["next"]["part"], headers={"hx-request": "true"})
    assert "Bằng chứng 2/2" in part.content.decode()
    assert "<html" not in part.content.decode()
    plain = browser.get(page("finding-proof", working.inspection.pk, finding.pk, second.pk))
    assert plain.status_code == 302
    assert f"bc={second.pk}" in plain.headers["location"]


def test_two_editors_see_both_versions_side_by_side(working: Scene, signed_in: Browser) -> None:
    finding = women(working)
    url = page("finding-edit", working.inspection.pk, finding.pk)
    sent = {"kind": "shortcoming", "topic": "women", "severity": "2", "version": "0"}
    first = signed_in(working.secretary).post(url, {**sent, "text": "Thư ký viết."})
    assert first.status_code == 302
    lead = signed_in(working.lead)
    clash = lead.post(url, {**sent, "text": "Trưởng đoàn viết."})
    assert clash.status_code == 409
    text = clash.content.decode()
    for part in ("Thư ký viết.", "Trưởng đoàn viết.", str(working.secretary), 'value="1"'):
        assert part in text
    finding.refresh_from_db()
    assert finding.text == "Thư ký viết."
    taken = lead.post(
        url, {**sent, "text": "Trưởng đoàn viết.", "version": "1", "chon-text": "theirs"}
    )
    assert taken.status_code == 302
    finding.refresh_from_db()
    assert finding.text == "Thư ký viết."
    mine = lead.post(
        url, {**sent, "text": "Trưởng đoàn viết.", "version": "1", "chon-text": "mine"}
    )
    assert mine.status_code == 302
    finding.refresh_from_db()
    assert (finding.text, finding.version) == ("Trưởng đoàn viết.", 2)


def test_bad_input_is_told_at_its_field(working: Scene, signed_in: Browser) -> None:
    finding = women(working)
    browser = signed_in(working.lead)
    inspection = working.inspection.pk
    for url, sent, message in (
        (page("finding-edit", inspection, finding.pk), {"text": ""}, "Mục này chưa điền."),
        (page("finding-drop", inspection, finding.pk), {}, "Mục này chưa điền."),
        (
            page("finding-add", inspection),
            {"kind": "recommendation", "topic": "ages", "text": "a", "head": "Bí thư"},
            "cả người chịu trách nhiệm và hạn",
        ),
        (page("finding-proofs", inspection, finding.pk), {}, "Chưa chọn bằng chứng nào."),
        (page("finding-proofs", inspection, finding.pk), {"gi": "tep"}, "Mục này chưa điền."),
    ):
        answer = browser.post(url, sent)
        assert answer.status_code == 422, url
        assert message in answer.content.decode(), url


def test_a_finding_by_hand_approved_dropped_and_brought_back(
    working: Scene, signed_in: Browser
) -> None:
    browser = signed_in(working.secretary)
    inspection = working.inspection.pk
    browser.post(
        page("finding-add", inspection),
        {
            "unit": str(working.department.pk),
            "kind": "recommendation",
            "topic": "ages",
            "text": "Đề nghị bổ sung.",
            "head": "Giám đốc Sở",
            "due_on": "31/12/2026",
        },
    )
    finding = Finding.objects.get(text="Đề nghị bổ sung.")
    assert Recommendation.objects.get(finding=finding).due_on == dt.date(2026, 12, 31)
    assert (
        browser.post(page("finding-approve", inspection, finding.pk), {"version": 0}).status_code
        == 403
    )
    lead = signed_in(working.lead)
    lead.post(page("findings-approve", inspection), {"chon": [f"{finding.pk}:0"]})
    finding.refresh_from_db()
    assert finding.state == FindingState.APPROVED
    lead.post(page("finding-drop", inspection, finding.pk), {"reason": "Trùng"})
    finding.refresh_from_db()
    assert finding.state == FindingState.DROPPED
    lead.post(page("finding-restore", inspection, finding.pk))
    finding.refresh_from_db()
    assert finding.state == FindingState.EDITED


def test_a_file_and_frozen_results_are_attached(working: Scene, signed_in: Browser) -> None:
    finding = told(working)
    url = page("finding-proofs", working.inspection.pk, finding.pk)
    browser = signed_in(working.lead)
    choices = browser.get(url).context["choices"]
    value = choices[0]["lines"][0]["value"]
    assert browser.post(url, {"chon": [value]}).status_code == 302
    upload = SimpleUploadedFile("bao-cao.pdf", b"%PDF-1.7 a")
    assert browser.post(url, {"gi": "tep", "file": upload, "note": "trang 4"}).status_code == 302
    kept = list(FindingEvidence.objects.filter(finding=finding).order_by("pk"))
    assert f"{kept[0].evidence_id}|{kept[0].key}" == value
    assert kept[1].attachment
    assert kept[1].note == "trang 4"
    remove = page("finding-proof-remove", working.inspection.pk, finding.pk, kept[0].pk)
    assert browser.post(remove).status_code == 302
    assert finding.proofs.count() == 1


def test_units_stand_side_by_side(working: Scene, signed_in: Browser) -> None:
    shown = signed_in(working.lead).get(page("inspection-comparison", working.inspection.pk))
    rows = {row["title"]: row for row in shown.context["rows"]}
    names = [unit["name"] for unit in shown.context["units"]]
    share = rows["Tỷ lệ nữ"]["cells"][names.index("Sở Nội vụ")]
    assert (share["text"].replace("\xa0", " "), share["outcome"]) == ("33,3 %", "not_met")
    assert signed_in(working.lead).get(share["url"]).status_code == 200
    failing = [row["failing"] for row in shown.context["rows"]]
    assert failing == sorted(failing, reverse=True)


# ---- The unit's own side ---------------------------------------------------------------------


def test_a_unit_sees_approved_findings_on_itself_alone(
    working: Scene, signed_in: Browser, unit_officer: User, other_unit_officer: User
) -> None:
    finding = women(working)
    url = page("inspected-findings", working.department.pk)
    browser = signed_in(unit_officer)
    assert finding.text not in browser.get(url).content.decode()
    proof = finding.proofs.first()
    assert proof
    evidence = f"{page('evidence-detail', proof.evidence_id or 0)}?ket-qua={proof.key}"
    assert browser.get(evidence).status_code == 404
    services.finding_approve(actor=working.lead, finding=finding, version=0)
    assert finding.text in browser.get(url).content.decode()
    assert browser.get(evidence).status_code == 200
    assert signed_in(other_unit_officer).get(url).status_code == 404
    assert signed_in(other_unit_officer).get(evidence).status_code == 404
    assert signed_in(working.lead).get(url).status_code == 404
    said = page("objection-add", working.department.pk, finding.pk)
    assert signed_in(other_unit_officer).post(said, {"text": "a"}).status_code == 404
    assert browser.post(said, {"text": ""}).status_code == 422
    assert browser.post(said, {"text": "Số liệu chưa đúng."}).status_code == 302
    objection = Objection.objects.get()
    answer = page("objection-answer", working.inspection.pk, objection.pk)
    assert browser.get(answer).status_code == 404
    assert signed_in(working.lead).post(answer, {"answer": "Đoàn xem lại."}).status_code == 302
    assert "Đoàn xem lại." in browser.get(url).content.decode()
    services.finding_change(
        actor=working.lead, finding=finding, version=0, values={"text": "Lời đang sửa."}
    )
    revised = browser.get(url).content.decode()
    assert "Lời đang sửa." not in revised
    assert "đang xem lại nhận định" in revised


# ---- Report and conclusion -------------------------------------------------------------------


def test_report_conclusion_and_correction_in_the_browser(
    working: Scene, signed_in: Browser, approver: User
) -> None:
    inspection = working.inspection.pk
    Finding.objects.exclude(pk=women(working).pk).delete()
    finding = women(working)
    services.finding_approve(actor=working.lead, finding=finding, version=0)
    working.inspection.stage = Stage.REPORTING
    working.inspection.save()
    secretary, lead = signed_in(working.secretary), signed_in(working.lead)
    edit = page("team-report-edit", inspection)
    prefilled = secretary.get(f"{edit}?tong-hop=1").context["form"].initial
    assert finding.text in prefilled["shortcomings"]
    assert not TeamReport.objects.exists()  # reading writes nothing
    assert secretary.post(edit, {**prefilled, "version": "0"}).status_code == 302
    sign = page("team-report-sign", inspection)
    secretary.post(sign, {"version": "1"})
    refused = lead.post(sign, {"version": "1", "number": "", "signed_on": ""})
    assert refused.status_code == 422
    lead.post(sign, {"version": "1", "number": "12-BC/ĐKT", "signed_on": "01/12/2026"})
    report = TeamReport.objects.get()
    assert report.state == SignState.SIGNED
    conclude = page("inspection-conclude", inspection)
    working.inspection.stage = Stage.CONCLUDING
    working.inspection.save()
    assert lead.get(conclude).status_code == 403
    shown = signed_in(approver).get(conclude).content.decode()
    assert "1 nhận định đã duyệt giữ nguyên lời: 1 hạn chế." in shown
    answer = signed_in(approver).post(
        conclude, {"conclusion_no": "45-TB/TU", "concluded_on": "01/12/2026"}
    )
    assert answer.status_code == 302
    correct = page("finding-correct", inspection, finding.pk)
    assert lead.get(correct).status_code == 403
    officer = signed_in(working.officer)
    assert officer.post(correct, {"after": "x"}).status_code == 422
    officer.post(correct, {"after": "Có 2/3 nữ.", "reason": "Nhầm", "document": "9-CV/TU"})
    detail = officer.get(page("finding-detail", inspection, finding.pk)).content.decode()
    assert "Có 2/3 nữ." in detail
    assert finding.text in detail


# ---- How dear --------------------------------------------------------------------------------


def queries(browser: Client, url: str) -> int:
    browser.get(url)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert browser.get(url).status_code == 200
    return len(caught)


def test_pages_ask_the_same_number_of_queries_for_more(working: Scene, signed_in: Browser) -> None:
    browser = signed_in(working.lead)
    evidence = Evidence.objects.get(plan=working.organisation.plan)
    key = f"planning.women_share:plan:{working.organisation.plan.pk}"
    finding = women(working)
    proof = finding.proofs.first()
    assert proof
    inspection = working.inspection.pk
    urls = {
        "evidence": page("inspection-evidence", inspection),
        "one": f"{page('evidence-detail', evidence.pk)}?ket-qua={key}",
        "findings": findings_page(working, don_vi=working.department.pk),
        "drawer": findings_page(working, don_vi=working.department.pk, bc=proof.pk),
        "comparison": page("inspection-comparison", inspection),
        "report": page("inspection-team-report", inspection),
    }
    before = {name: queries(browser, url) for name, url in urls.items()}
    pool = factories.pool_of(working.organisation.plan, working.organisation.deputy)
    for number in range(8):
        factories.NominationFactory(pool=pool, cadre=factories.CadreFactory())
        row = told(working, f"Nhận định {number}.", author=working.secretary)
        FindingEvidence.objects.create(finding=row, evidence=evidence, key=key)
        Objection.objects.create(finding=row, text="Ý", raised_on=TODAY, raised_by=working.officer)
    take(working)
    findings_draft(actor=working.lead, inspection=working.inspection)
    newest = Evidence.objects.filter(plan=working.organisation.plan).latest("pk")
    proof = women(working).proofs.first()
    assert proof
    urls["one"] = f"{page('evidence-detail', newest.pk)}?ket-qua={key}"
    urls["drawer"] = findings_page(working, don_vi=working.department.pk, bc=proof.pk)
    after = {name: queries(browser, url) for name, url in urls.items()}
    assert after == before
    assert after["one"] <= 30
    assert after["findings"] <= 45
