"""Minutes: written, changed by two at once, signed by both sides, corrected by further ones."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadre_portal.common import clock
from cadres.models import Notice, User
from cadres.todo import todos_of
from inspections.choices import FindingState, MinutesKind, Stage, TeamRole
from inspections.merging import EditClash
from inspections.models import Finding, Inspection, Minutes
from inspections.selectors.attachments import attachments_visible
from inspections.services import minutes as services
from inspections.services.drafting import findings_draft
from inspections.services.holding import InspectionRefused, Stale
from inspections.services.mandate import member_set
from tests import factories
from tests.inspections.conftest import TODAY, Scene, advance, signatures, take, told

Browser = Callable[[User], Client]
SAID = {
    "number": "",
    "held_on": TODAY,
    "place": "Trụ sở Sở Nội vụ",
    "participants": "Đoàn kiểm tra\nLãnh đạo Sở",
    "text": "Trao đổi về báo cáo tự kiểm tra.",
}


def page(name: str, *args: Any) -> str:
    return reverse(f"inspections:{name}", args=args)


def text_of(response: Any) -> str:
    return str(response.content.decode())


def scan(name: str = "ban-ky.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.7\n" + name.encode())


@pytest.fixture
def verifying(scene: Scene) -> Scene:
    """The scene in the step of verification."""
    advance(scene, Stage.VERIFYING)
    scene.department.inspection = scene.other.inspection = scene.inspection
    return scene


def written(scene: Scene, **more: Any) -> Minutes:
    """Working minutes with Sở Nội vụ."""
    values = {
        "actor": scene.secretary,
        "inspection": scene.inspection,
        "kind": MinutesKind.WORKING,
        "inspected": scene.department,
        "values": SAID,
        **more,
    }
    return services.minutes_write(**values)


def sent(scene: Scene) -> Minutes:
    return services.minutes_sign_team(actor=scene.lead, minutes=written(scene), version=0)


# ---- Writing ---------------------------------------------------------------------------------


def test_minutes_say_what_they_are_about(verifying: Scene) -> None:
    finding = told(verifying)
    evidence = take(verifying).evidence.filter(inspected_unit=verifying.department).first()
    item = verifying.inspection.outline.first()
    made = written(
        verifying,
        links={"items": [item.pk], "findings": [finding.pk, 0], "evidence": [evidence.pk]},
        uploads=[scan()],
    )
    assert list(made.items.all()) == [item]
    assert list(made.findings.all()) == [finding]
    assert list(made.evidence.all()) == [evidence]
    assert (made.written_by, made.version, made.attachments.count()) == (
        verifying.secretary,
        0,
        1,
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": " "}, "text"),
        ({"held_on": dt.date(2026, 12, 2)}, "held_on"),
        ({"held_on": dt.date(2026, 11, 1)}, "held_on"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    verifying: Scene, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        written(verifying, values=SAID | changes)
    assert list(caught.value.message_dict) == [field]
    with pytest.raises(ValidationError):
        written(verifying, inspected=None)
    assert not Minutes.objects.filter(kind=MinutesKind.WORKING).exists()


def test_two_who_write_keep_what_each_changed(verifying: Scene) -> None:
    first, second = verifying.inspection.outline.all()[:2]
    made = written(verifying)

    def change(actor: User, version: int, said: dict[str, Any], ticked: list[int]) -> Minutes:
        return services.minutes_change(
            actor=actor,
            minutes=made,
            version=version,
            values=SAID | said,
            links={"items": ticked},
            links_before={"items": []},
        )

    change(verifying.secretary, 0, {"place": "Hội trường"}, [first.pk])
    merged = change(verifying.lead, 0, {"number": "02-BB/ĐKT"}, [second.pk])
    assert (merged.place, merged.number) == ("Hội trường", "02-BB/ĐKT")
    assert set(merged.items.all()) == {first, second}
    with pytest.raises(EditClash) as caught:
        change(verifying.secretary, 0, {"place": "Phòng họp"}, [])
    assert [each.name for each in caught.value.clashes] == ["place"]
    assert Minutes.objects.get(pk=made.pk).place == "Hội trường"


def test_a_clash_is_shown_with_both(verifying: Scene, signed_in: Browser) -> None:
    item = verifying.inspection.outline.all()[0]
    made = written(verifying, links={"items": [item.pk]})
    url = page("minutes-edit", verifying.inspection.pk, made.pk)
    client = signed_in(verifying.lead)
    opened = client.get(url)
    assert f'name="truoc-items" value="{item.pk}"' in text_of(opened)
    form = opened.context["form"]
    said = {name: form[name].value() or "" for name in ("number", "place", "participants", "text")}
    said |= {"version": "0", "held_on": "01/12/2026", "truoc-items": str(item.pk)}
    said["items"] = [str(item.pk)]
    assert client.post(url, said | {"text": "Bản thứ nhất"}).status_code == 302
    answer = client.post(url, said | {"text": "Bản thứ hai"})
    assert answer.status_code == 409
    assert "Bản thứ nhất" in text_of(answer)
    assert "Bản thứ hai" in text_of(answer)
    picked = said | {"text": "Bản thứ hai", "version": "1", "chon-text": "theirs"}
    assert client.post(url, picked).status_code == 302
    kept = Minutes.objects.get(pk=made.pk)
    assert (kept.text, list(kept.items.all())) == ("Bản thứ nhất", [item])


def test_a_draft_finding_that_minutes_name_stays(verifying: Scene) -> None:
    take(verifying)
    gone = told(verifying, state=FindingState.DRAFTED, source="planning.women_share:met:0")
    named = told(verifying, state=FindingState.DRAFTED, source="planning.women_share:met:1")
    services.minutes_sign_paper(
        actor=verifying.secretary,
        minutes=written(verifying, links={"findings": [named.pk]}),
        version=0,
        signer="Nông Thị Ánh",
        signed_on=TODAY,
        uploads=[scan()],
    )
    findings_draft(actor=verifying.secretary, inspection=verifying.inspection)
    assert not Finding.objects.filter(pk=gone.pk).exists()
    assert Finding.objects.filter(pk=named.pk).exists()


# ---- Signing ---------------------------------------------------------------------------------


def test_both_sides_sign_in_the_portal(
    verifying: Scene, signed_in: Browser, unit_officer: User
) -> None:
    made = sent(verifying)
    assert Notice.objects.filter(user=unit_officer, text__contains="chờ đơn vị ký").exists()
    (todo,) = [each for each in todos_of(unit_officer, TODAY) if each.group == "Biên bản chờ ký"]
    assert todo.url == page("side-minutes", verifying.department.pk, made.pk)
    with pytest.raises(InspectionRefused, match="họ tên"):
        services.minutes_sign_unit(actor=unit_officer, minutes=made, version=0, signer=" ")
    signed = services.minutes_sign_unit(
        actor=unit_officer, minutes=made, version=0, signer="Nông Thị Ánh, Giám đốc"
    )
    assert signed.is_signed
    assert (signed.team_signed_by, signed.unit_signed_by) == (verifying.lead, unit_officer)
    assert Notice.objects.filter(user=verifying.lead, text__contains="chữ ký hai bên").exists()
    paper = page("side-look", verifying.department.pk, "kt6") + f"?bien-ban={made.pk}"
    printed = text_of(signed_in(unit_officer).get(paper))
    assert "Đơn vị đã ký trên cổng: Nông Thị Ánh, Giám đốc, ngày 01/12/2026." in printed
    with pytest.raises(InspectionRefused, match="đính chính"):
        services.minutes_change(
            actor=verifying.lead, minutes=made, version=0, values={"text": "Khác"}
        )
    item = verifying.inspection.outline.first()
    for act in (
        lambda: Minutes.objects.filter(pk=made.pk).update(text="khác"),
        lambda: made.items.add(item),
        lambda: made.delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_a_change_takes_the_signature_back(verifying: Scene, unit_officer: User) -> None:
    made = sent(verifying)
    services.minutes_change(
        actor=verifying.secretary, minutes=made, version=0, values={"text": "Đã sửa"}
    )
    with pytest.raises(InspectionRefused, match="không còn chờ"):
        services.minutes_sign_unit(actor=unit_officer, minutes=made, version=0, signer="A")
    with pytest.raises(Stale):
        services.minutes_sign_team(actor=verifying.lead, minutes=made, version=0)
    services.minutes_sign_team(actor=verifying.lead, minutes=made, version=1)
    with pytest.raises(Stale):
        services.minutes_sign_unit(actor=unit_officer, minutes=made, version=0, signer="A")


def test_a_unit_gives_back_what_it_does_not_agree_with(
    verifying: Scene, unit_officer: User
) -> None:
    made = sent(verifying)
    services.minutes_decline(
        actor=unit_officer, minutes=made, version=0, reason="Số người chưa đúng"
    )
    found = Minutes.objects.get(pk=made.pk)
    assert (found.is_signed, found.team_signed_on, found.declined_for) == (
        False,
        None,
        "Số người chưa đúng",
    )
    assert Notice.objects.filter(user=verifying.secretary, text__contains="chưa đúng").exists()
    assert [each for each in todos_of(verifying.lead, TODAY) if "chưa đúng" in each.text]


def test_both_sides_sign_what_was_verified(
    verifying: Scene, signed_in: Browser, unit_officer: User, other_unit_officer: User
) -> None:
    made = written(verifying, kind=MinutesKind.VERIFYING, uploads=[scan()])
    own = page("side-minutes", verifying.department.pk, made.pk)
    assert signed_in(unit_officer).get(own).status_code == 404  # a draft of the team
    assert not attachments_visible(unit_officer).exists()
    lead = signed_in(verifying.lead)
    sign = page("minutes-sign", verifying.inspection.pk, made.pk)
    assert signed_in(verifying.secretary).post(sign, {"version": "0"}).status_code == 403
    assert signed_in(unit_officer).post(sign, {"version": "0"}).status_code == 404
    assert lead.post(sign, {"version": "0"}).status_code == 302
    assert [each.url for each in todos_of(unit_officer, TODAY) if "xác minh" in each.text] == [own]
    agree = page("side-minutes-sign", verifying.department.pk, made.pk)
    said = {"version": "0", "signer": "Nông Thị Ánh, Giám đốc"}
    assert signed_in(other_unit_officer).post(agree, said).status_code == 404
    assert signed_in(verifying.lead).post(agree, said).status_code == 404
    assert signed_in(unit_officer).post(agree, said).status_code == 302
    signed = Minutes.objects.get(pk=made.pk)
    assert (signed.is_signed, signed.unit_signed_by) == (True, unit_officer)
    paper = page("side-look", verifying.department.pk, "kt7") + f"?bien-ban={made.pk}"
    assert "Đơn vị đã ký trên cổng: Nông Thị Ánh" in text_of(signed_in(unit_officer).get(paper))
    assert attachments_visible(unit_officer).count() == 1
    assert not attachments_visible(other_unit_officer).exists()


def test_what_was_verified_elsewhere_is_not_for_the_unit(
    verifying: Scene, signed_in: Browser, unit_officer: User
) -> None:
    """It is about the unit, and another place has signed it on paper."""
    made = written(verifying, kind=MinutesKind.VERIFYING)
    services.minutes_sign_paper(
        actor=verifying.secretary,
        minutes=made,
        version=0,
        signer="Trưởng phòng A, Ngân hàng B",
        signed_on=TODAY,
        uploads=[scan()],
    )
    client, unit = signed_in(unit_officer), verifying.department.pk
    assert client.get(page("side-minutes", unit, made.pk)).status_code == 404
    assert "xác minh 01" not in text_of(client.get(page("side-minutes-list", unit)))
    paper = page("side-look", unit, "kt7") + f"?bien-ban={made.pk}"
    assert client.get(paper).status_code == 404
    assert not attachments_visible(unit_officer).exists()


def test_the_database_asks_who_signed(verifying: Scene) -> None:
    made = written(verifying)
    full = signatures(verifying.lead)
    one_sided = (
        {"is_signed": True},
        full | {"unit_signer": "", "unit_signed_on": None},
        full | {"team_signed_by": None, "team_signed_on": None},
        full | {"unit_signer": ""},
    )
    for values in one_sided:
        with pytest.raises(IntegrityError), transaction.atomic():
            Minutes.objects.filter(pk=made.pk).update(**values)
        with pytest.raises(IntegrityError), transaction.atomic():
            Minutes.objects.create(
                inspection=verifying.inspection, kind="deploy", held_on=TODAY, text="A", **values
            )
    assert Minutes.objects.filter(pk=made.pk).update(**full) == 1


def test_paper_needs_its_scan(verifying: Scene) -> None:
    made = written(verifying, kind=MinutesKind.VERIFYING, inspected=None)

    def sign(**more: Any) -> Minutes:
        values = {"signer": "Trưởng phòng A", "signed_on": TODAY, **more}
        return services.minutes_sign_paper(
            actor=verifying.secretary, minutes=made, version=0, **values
        )

    with pytest.raises(InspectionRefused, match="bản quét"):
        sign()
    with pytest.raises(InspectionRefused) as caught:
        sign(signer=" ", signed_on=dt.date(2026, 12, 3), uploads=[scan()])
    assert len(caught.value.reasons) == 2
    with pytest.raises(InspectionRefused, match="ghi nhận bản đã ký giấy"):
        services.minutes_sign_team(actor=verifying.lead, minutes=made, version=0)
    signed = sign(uploads=[scan()])
    assert signed.is_signed
    assert signed.unit_signed_by is None


def test_signed_minutes_are_corrected_by_further_ones(
    verifying: Scene, signed_in: Browser, unit_officer: User
) -> None:
    made = sent(verifying)
    with pytest.raises(InspectionRefused, match="đã ký"):
        written(verifying, corrects=made)
    services.minutes_sign_unit(actor=unit_officer, minutes=made, version=0, signer="A")
    made.refresh_from_db()
    client = signed_in(verifying.secretary)
    url = page("minutes-add", verifying.inspection.pk) + f"?dinh-chinh={made.pk}"
    form = client.get(url).context["form"]
    assert form["text"].value().startswith("Đính chính biên bản làm việc ngày 01/12/2026")
    client.post(url, {"held_on": "01/12/2026", "text": "Sửa số liệu"})
    correction = Minutes.objects.get(corrects=made)
    assert (correction.kind, correction.inspected_unit) == (made.kind, verifying.department)
    detail = page("minutes-detail", verifying.inspection.pk, made.pk)
    assert "Có biên bản đính chính" in text_of(client.get(detail))


def test_what_was_typed_while_it_was_signed_is_given_back(
    verifying: Scene, signed_in: Browser, unit_officer: User
) -> None:
    made = sent(verifying)
    services.minutes_sign_unit(actor=unit_officer, minutes=made, version=0, signer="A")
    client = signed_in(verifying.secretary)
    url = page("minutes-edit", verifying.inspection.pk, made.pk)
    assert client.get(url).status_code == 403
    answer = client.post(url, {"version": "0", "held_on": "01/12/2026", "text": "Gõ dở dang"})
    assert answer.status_code == 422
    assert "Gõ dở dang" in text_of(answer)
    assert "hãy lập biên bản đính chính" in text_of(answer)
    assert "dở dang" not in Minutes.objects.get(pk=made.pk).text


# ---- Whose they are --------------------------------------------------------------------------


def test_who_signs_and_who_writes(
    verifying: Scene, unit_officer: User, other_unit_officer: User
) -> None:
    made = written(verifying)
    for user in (verifying.secretary, verifying.officer, unit_officer):
        with pytest.raises(PermissionDenied):
            services.minutes_sign_team(actor=user, minutes=made, version=0)
    services.minutes_sign_team(actor=verifying.lead, minutes=made, version=0)
    for user in (other_unit_officer, verifying.lead):
        with pytest.raises(PermissionDenied):
            services.minutes_sign_unit(actor=user, minutes=made, version=0, signer="A")
    for user in (unit_officer, verifying.outsider):
        with pytest.raises(PermissionDenied):
            written(verifying, actor=user)
    elsewhere = factories.UserFactory(username="thanhvien")
    member_set(
        actor=verifying.officer,
        inspection=verifying.inspection,
        user=elsewhere,
        role=TeamRole.MEMBER,
        units=[verifying.other],
    )
    with pytest.raises(PermissionDenied):
        written(verifying, actor=elsewhere)
    with pytest.raises(PermissionDenied):
        services.minutes_change(actor=elsewhere, minutes=made, version=0, values=SAID)


def test_pages_are_for_whom_they_concern(
    verifying: Scene, signed_in: Browser, unit_officer: User, other_unit_officer: User
) -> None:
    made = written(verifying, uploads=[scan("phu-luc.pdf")])
    team_url = page("minutes-detail", verifying.inspection.pk, made.pk)
    own_url = page("side-minutes", verifying.department.pk, made.pk)
    assert signed_in(unit_officer).get(own_url).status_code == 404  # a draft of the team
    assert not attachments_visible(unit_officer).exists()
    services.minutes_sign_team(actor=verifying.lead, minutes=made, version=0)
    shown = text_of(signed_in(unit_officer).get(own_url))
    assert "Trao đổi về báo cáo" in shown
    assert "Ký biên bản" in shown
    assert attachments_visible(unit_officer).count() == 1
    assert not attachments_visible(other_unit_officer).exists()
    assert signed_in(other_unit_officer).get(own_url).status_code == 404
    other = page("side-minutes", verifying.other.pk, made.pk)
    assert signed_in(other_unit_officer).get(other).status_code == 404
    for user in (unit_officer, other_unit_officer, verifying.outsider):
        assert signed_in(user).get(team_url).status_code == 404
    assert signed_in(verifying.secretary).get(team_url).status_code == 200
    with clock.frozen(dt.date(2026, 12, 26)):
        assert signed_in(verifying.secretary).get(team_url).status_code == 404


def test_the_unit_signs_on_its_page(
    verifying: Scene, signed_in: Browser, unit_officer: User
) -> None:
    made = sent(verifying)
    args = (verifying.department.pk, made.pk)
    client = signed_in(unit_officer)
    assert client.post(page("side-minutes-sign", *args), {"signer": ""}).status_code == 422
    refused = client.post(page("side-minutes-decline", *args), {"version": "0", "reason": ""})
    assert refused.status_code == 422
    client.post(page("side-minutes-sign", *args), {"version": "0", "signer": "Nông Thị Ánh"})
    assert Minutes.objects.get(pk=made.pk).is_signed
    assert "hai bên đã ký" in text_of(
        client.get(page("side-minutes-list", verifying.department.pk))
    )


def test_announcing_minutes_come_after_the_conclusion(verifying: Scene, approver: User) -> None:
    announcing = {"kind": MinutesKind.ANNOUNCING, "actor": verifying.officer}
    with pytest.raises(PermissionDenied):
        written(verifying, **announcing)
    Inspection.objects.filter(pk=verifying.inspection.pk).update(
        stage=Stage.FOLLOWING, conclusion_no="1-TB", concluded_on=TODAY, concluded_by=approver
    )
    assert written(verifying, **announcing).pk
    with pytest.raises(PermissionDenied):
        written(verifying, actor=verifying.officer)


def test_the_list_tells_what_is_missing_in_a_fixed_number_of_queries(
    verifying: Scene, signed_in: Browser
) -> None:
    client, url = signed_in(verifying.lead), page("inspection-minutes", verifying.inspection.pk)
    written(verifying)
    shown = text_of(client.get(url))
    assert "Chưa có biên bản làm việc đã ký:" in shown
    assert "đang soạn" in shown

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    before = count()
    for number in range(10):
        written(verifying, values=SAID | {"number": str(number)}, uploads=[scan(f"{number}.pdf")])
    assert count() == before
