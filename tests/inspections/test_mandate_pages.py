"""Pages of the mandate: the list, the decision with its limits, units, team, outline, steps."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from cadres.models import User
from inspections.choices import Stage, TeamRole
from inspections.models import InspectedUnit, Inspection, SelfAnswer, SelfReport
from inspections.services import inspections as services
from inspections.services.holding import InspectionRefused
from inspections.services.mandate import member_set
from tests import factories
from tests.inspections.conftest import TODAY, Scene, advance

Browser = Callable[[User], Client]
NEW = {
    "name": "Kiểm tra rà soát",
    "unit": "CB · Tỉnh ủy Cao Bằng",
    "subject": "Rà soát quy hoạch",
    "law_examined": "377-QĐ/TW",
    "period_from": "01/01/2025",
    "period_to": "30/09/2026",
    "starts_on": "05/12/2026",
    "ends_on": "30/01/2027",
}


def page(name: str, *args: Any) -> str:
    return reverse(f"inspections:{name}", args=args)


def text_of(response: Any) -> str:
    return str(response.content.decode())


def shown_values(client: Client, url: str) -> dict[str, Any]:
    """What a browser would send back unchanged."""
    form = client.get(url).context["form"]
    shown = {name: form[name].value() or "" for name in form.fields}
    return {name: value for name, value in shown.items() if value != "" or name != "units"}


# ---- The list --------------------------------------------------------------------------------


def test_the_list_tells_steps_days_and_what_waits(scene: Scene, signed_in: Browser) -> None:
    advance(scene, Stage.DEPLOYING)
    services.inspection_step_back(actor=scene.officer, inspection=scene.inspection)
    advance(scene, Stage.DEPLOYING)
    Inspection.objects.filter(pk=scene.inspection.pk).update(stage=Stage.SELF_REPORTING)
    shown = text_of(signed_in(scene.lead).get(page("inspection-list")))
    assert "Kiểm tra công tác quy hoạch" in shown
    assert "còn 24 ngày, hạn 25/12/2026" in shown
    assert "2 báo cáo chưa nộp" in shown
    assert "Kiểm tra công tác quy hoạch" not in text_of(
        signed_in(scene.outsider).get(page("inspection-list"))
    )


def test_units_find_what_inspects_them(
    scene: Scene, signed_in: Browser, unit_officer: User, other_unit_officer: User
) -> None:
    url = page("inspection-list")
    assert "Đơn vị của đồng chí được kiểm tra" not in text_of(signed_in(unit_officer).get(url))
    advance(scene, Stage.DEPLOYING)
    shown = text_of(signed_in(unit_officer).get(url))
    assert "Đơn vị của đồng chí được kiểm tra" in shown
    assert page("inspected-detail", scene.department.pk) in shown
    assert page("inspected-detail", scene.other.pk) not in shown
    assert page("inspection-detail", scene.inspection.pk) not in shown


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("q=214", True),
        ("q=khác", False),
        ("buoc=preparing", True),
        ("buoc=closed", False),
        ("nam=2026", True),
        ("don-vi=SNV", True),
        ("don-vi=CB", True),
        ("don-vi=X01321", False),
        ("don-vi=không+có", False),
    ],
)
def test_filters(scene: Scene, signed_in: Browser, query: str, is_found: bool) -> None:
    shown = text_of(signed_in(scene.officer).get(f"{page('inspection-list')}?{query}"))
    assert (page("inspection-detail", scene.inspection.pk) in shown) is is_found


def test_an_empty_list_teaches(signed_in: Browser, provincial_officer: User, today: Any) -> None:
    shown = text_of(signed_in(provincial_officer).get(page("inspection-list")))
    assert "Một cuộc kiểm tra đi từ quyết định" in shown
    assert page("inspection-open") in shown


def test_queries_do_not_grow(
    scene: Scene, signed_in: Browser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(scene.lead)
    member_set(
        actor=scene.officer,
        inspection=scene.inspection,
        user=factories.UserFactory(username="mot"),
        role=TeamRole.MEMBER,
        units=[scene.other],
    )
    urls = [page("inspection-list"), page("inspection-detail", scene.inspection.pk)]
    urls += [page(f"inspection-{name}", scene.inspection.pk) for name in ("team", "outline")]
    before = []
    for url in urls:
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(url)
        before.append(len(asked))
    for n in range(4):
        unit = factories.UnitFactory(parent=scene.organisation.province, code=f"M{n}")
        inspected = InspectedUnit.objects.create(inspection=scene.inspection, unit=unit)
        user = factories.UserFactory(username=f"thanhvien{n}")
        member_set(
            actor=scene.officer,
            inspection=scene.inspection,
            user=user,
            role=TeamRole.MEMBER,
            units=[inspected],
        )
        other = services.inspection_open(
            actor=scene.officer,
            values={
                name: getattr(scene.inspection, name)
                for name in services.MANDATE
                if name != "programme"
            },
        )
        member_set(actor=scene.officer, inspection=other, user=scene.lead, role=TeamRole.LEAD)
    for url, number in zip(urls, before, strict=True):
        with django_assert_num_queries(number):
            client.get(url)


# ---- The decision ----------------------------------------------------------------------------


def test_opening(scene: Scene, signed_in: Browser) -> None:
    client = signed_in(scene.officer)
    answer = client.post(page("inspection-open"), NEW)
    made = Inspection.objects.latest("pk")
    assert answer["Location"] == page("inspection-detail", made.pk) + "#da-luu"
    assert made.unit == scene.organisation.province
    assert made.evidence_on == dt.date(2026, 9, 30)
    assert made.outline.count() == 9


def test_limits_are_looked_at_without_writing(scene: Scene, signed_in: Browser) -> None:
    count = Inspection.objects.count()
    answer = signed_in(scene.officer).post(page("inspection-open"), NEW | {"viec": "gioi-han"})
    assert answer.status_code == 200
    assert "57 ngày, tối đa 45 ngày" in text_of(answer)
    assert "331-QĐ/TW" in text_of(answer)
    assert Inspection.objects.count() == count


@pytest.mark.parametrize(
    ("wrong", "field", "told"),
    [
        ({"name": ""}, "name", "Mục này chưa điền"),
        ({"unit": "không có"}, "unit", "Không có đơn vị này trong phạm vi"),
        ({"period_to": "32/09/2026"}, "period_to", ""),
        ({"period_to": "01/01/2024"}, "period_to", "kết thúc trước khi bắt đầu"),
        ({"ends_on": "01/12/2026"}, "ends_on", "trước ngày bắt đầu"),
        ({"period_to": "01/03/2027"}, "period_to", "không được sau ngày kết thúc kiểm tra"),
    ],
)
def test_errors_stand_beside_the_field(
    scene: Scene, signed_in: Browser, wrong: dict[str, str], field: str, told: str
) -> None:
    answer = signed_in(scene.officer).post(page("inspection-open"), NEW | wrong)
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert list(errors) == [field]
    assert told in errors[field][0]


def test_a_deployed_inspection_keeps_its_decision(scene: Scene, signed_in: Browser) -> None:
    advance(scene, Stage.DEPLOYING)
    client, url = signed_in(scene.officer), page("inspection-edit", scene.inspection.pk)
    answer = client.post(url, shown_values(client, url) | {"decision_no": ""})
    assert answer.status_code == 422
    assert "không bỏ trống được" in answer.context["form"].errors["decision_no"][0]


def test_two_who_edit_lose_nothing(scene: Scene, signed_in: Browser) -> None:
    """What I left alone takes theirs; what both changed is asked; then mine or theirs stays."""
    client, url = signed_in(scene.officer), page("inspection-edit", scene.inspection.pk)
    mine = shown_values(client, url) | {"name": "Tên của tôi"}
    scene.inspection.refresh_from_db()
    services.inspection_change(
        actor=scene.lead,
        inspection=scene.inspection,
        version=scene.inspection.version,
        values={"name": "Tên của trưởng đoàn", "issuer": "Thường trực Tỉnh ủy"},
    )
    answer = client.post(url, mine)
    assert answer.status_code == 409
    shown = text_of(answer)
    assert "Tên của tôi" in shown
    assert "Tên của trưởng đoàn" in shown
    assert "truongdoan" in shown or str(scene.lead) in shown
    asked = mine | {"goc": answer.context["form"].data["goc"]}
    asked["issuer"] = answer.context["form"].data["issuer"]
    assert asked["issuer"] == "Thường trực Tỉnh ủy"
    assert client.post(url, asked).status_code == 409  # nothing is chosen yet
    answer = client.post(url, asked | {"chon-name": "cua-toi"})
    assert answer.status_code == 302
    scene.inspection.refresh_from_db()
    assert scene.inspection.name == "Tên của tôi"
    assert scene.inspection.issuer == "Thường trực Tỉnh ủy"


def test_only_what_the_other_changed_is_taken_over(scene: Scene, signed_in: Browser) -> None:
    client, url = signed_in(scene.officer), page("inspection-edit", scene.inspection.pk)
    mine = shown_values(client, url) | {"name": "Tên của tôi"}
    scene.inspection.refresh_from_db()
    services.inspection_change(
        actor=scene.lead,
        inspection=scene.inspection,
        version=scene.inspection.version,
        values={"issuer": "Thường trực Tỉnh ủy"},
    )
    answer = client.post(url, mine, follow=True)
    assert "được người khác đổi và được giữ: Người, cơ quan ký" in text_of(answer)
    scene.inspection.refresh_from_db()
    assert (scene.inspection.name, scene.inspection.issuer) == (
        "Tên của tôi",
        "Thường trực Tỉnh ủy",
    )


def test_nonsense_in_the_base_is_no_fault(scene: Scene, signed_in: Browser) -> None:
    client, url = signed_in(scene.officer), page("inspection-edit", scene.inspection.pk)
    values = shown_values(client, url) | {"goc": "[không phải"}
    assert client.post(url, values).status_code == 302
    assert client.post(url, values | {"goc": json.dumps([1])}).status_code == 302


def test_an_extension_lets_the_team_read_on(scene: Scene) -> None:
    advance(scene, Stage.DEPLOYING)
    services.inspection_change(
        actor=scene.officer,
        inspection=scene.inspection,
        version=scene.inspection.version,
        values={"extended_to": dt.date(2027, 1, 4), "extension_document": "5-CV"},
    )
    member = scene.inspection.team.get(user=scene.lead)
    assert member.mandate_to == dt.date(2027, 1, 4)
    assert {grant.valid_to for grant in member.grants.all()} == {dt.date(2027, 1, 4)}


# ---- Units -----------------------------------------------------------------------------------


def units_sent(scene: Scene) -> dict[str, Any]:
    scene.inspection.refresh_from_db()
    rows = list(scene.inspection.units.all())
    sent: dict[str, Any] = {
        "version": str(scene.inspection.version),
        "don-vi": [str(each.unit_id) for each in rows],
    }
    for each in rows:
        sent[f"u{each.unit_id}-head"] = each.head
        sent[f"u{each.unit_id}-place"] = str(each.place)
        sent[f"u{each.unit_id}-report_due_on"] = "10/12/2026"
    return sent


def test_units_are_chosen_ordered_and_left_out(scene: Scene, signed_in: Browser) -> None:
    client, url = signed_in(scene.officer), page("inspection-units", scene.inspection.pk)
    cast = scene.organisation
    assert "Xã Bảo Lạc" in text_of(client.get(url))
    assert "Huyện Bảo Lạc" not in text_of(client.get(url))  # it ended before the day of evidence
    assert "Trung tâm Lưu trữ" not in text_of(client.get(f"{url}?tim=bao lac"))
    sent = units_sent(scene) | {
        f"u{cast.department.pk}-place": "9",
        f"u{cast.other.pk}-head": "Giám đốc Lý Thị Đào",
        "them": [str(cast.commune.pk)],
        "due_on": "12/12/2026",
    }
    assert client.post(url, sent).status_code == 302
    rows = list(scene.inspection.units.all())
    assert [each.unit for each in rows] == [cast.other, cast.department, cast.commune]
    assert rows[0].head == "Giám đốc Lý Thị Đào"
    assert rows[2].report_due_on == dt.date(2026, 12, 12)
    sent = units_sent(scene) | {f"u{cast.commune.pk}-out": "on"}
    assert client.post(url, sent).status_code == 302
    assert scene.inspection.units.count() == 2


def test_the_head_is_suggested_from_the_data(scene: Scene, signed_in: Browser) -> None:
    url = page("inspection-units", scene.inspection.pk)
    sent = units_sent(scene) | {"them": [str(scene.organisation.centre.pk)]}
    signed_in(scene.officer).post(url, sent)
    added = scene.inspection.units.get(unit=scene.organisation.centre)
    assert added.head == "Giám đốc Đàm Đức Cường"


def test_units_changed_by_somebody_else_are_told(scene: Scene, signed_in: Browser) -> None:
    url = page("inspection-units", scene.inspection.pk)
    sent = units_sent(scene) | {f"u{scene.department.unit_id}-head": "Đang gõ"}
    services.units_set(
        actor=scene.lead,
        inspection=scene.inspection,
        rows=[
            {"unit": unit, "head": "Mới", "report_due_on": TODAY}
            for unit in (scene.organisation.department, scene.organisation.commune)
        ],
    )
    answer = signed_in(scene.officer).post(url, sent)
    assert answer.status_code == 409
    shown = text_of(answer)
    assert "Người khác vừa sửa danh sách này" in shown
    assert 'value="Đang gõ"' in shown
    names = [each.unit.name for each, _row in answer.context["form"].rows]
    assert names == ["Sở Nội vụ", "Xã Bảo Lạc", "Sở Y tế"]
    assert not scene.inspection.units.filter(head="Đang gõ").exists()


def test_errors_of_units_stand_in_their_rows(scene: Scene, signed_in: Browser) -> None:
    url = page("inspection-units", scene.inspection.pk)
    sent = units_sent(scene) | {f"u{scene.other.unit_id}-report_due_on": "mai"}
    answer = signed_in(scene.officer).post(url, sent)
    assert answer.status_code == 422
    rows = {each.unit_id: row for each, row in answer.context["form"].rows}
    assert "report_due_on" in rows[scene.other.unit_id].errors


def test_a_team_member_keeps_their_own_unit_out(
    scene: Scene, signed_in: Browser, unit_officer: User
) -> None:
    cast = scene.organisation
    services.units_set(
        actor=scene.officer,
        inspection=scene.inspection,
        rows=[{"unit": cast.other, "head": "A", "report_due_on": TODAY}],
    )
    member_set(
        actor=scene.officer,
        inspection=scene.inspection,
        user=unit_officer,
        role=TeamRole.MEMBER,
    )
    with pytest.raises(InspectionRefused, match="đang phụ trách đơn vị được kiểm tra"):
        services.units_set(
            actor=scene.officer,
            inspection=scene.inspection,
            rows=[{"unit": unit} for unit in (cast.other, cast.department)],
        )
    assert scene.inspection.units.count() == 1


# ---- Team ------------------------------------------------------------------------------------


def test_a_member_is_found_taken_in_changed_and_taken_out(scene: Scene, signed_in: Browser) -> None:
    client, url = signed_in(scene.officer), page("inspection-team", scene.inspection.pk)
    found = factories.UserFactory(username="dinhhoa", full_name="Đinh Thị Bích Hoa")
    assert f"?tai-khoan={found.pk}" in text_of(client.get(f"{url}?tim=dinh hoa"))
    add = f"{page('member-add', scene.inspection.pk)}?tai-khoan={found.pk}"
    sent = shown_values(client, add) | {"post": "Chuyên viên", "units": [str(scene.other.pk)]}
    assert client.post(add, sent)["Location"] == url + "#da-luu"
    member = scene.inspection.team.get(user=found)
    assert (member.role, member.post, list(member.units.all())) == (
        TeamRole.MEMBER,
        "Chuyên viên",
        [scene.other],
    )
    edit = page("member-edit", scene.inspection.pk, member.pk)
    sent = shown_values(client, edit) | {"mandate_to": "20/12/2026", "units": []}
    assert client.post(edit, sent).status_code == 302
    member.refresh_from_db()
    assert member.mandate_to == dt.date(2026, 12, 20)
    assert not member.units.exists()
    drop = page("member-remove", scene.inspection.pk, member.pk)
    assert "ra khỏi đoàn?" in text_of(client.get(drop))
    client.post(drop)
    assert not scene.inspection.team.filter(user=found).exists()


def test_nobody_who_works_for_an_inspected_unit(
    scene: Scene, signed_in: Browser, unit_officer: User
) -> None:
    client = signed_in(scene.officer)
    add = f"{page('member-add', scene.inspection.pk)}?tai-khoan={unit_officer.pk}"
    answer = client.post(add, shown_values(client, add))
    assert answer.status_code == 422
    assert "đang phụ trách Sở Nội vụ" in text_of(answer)


# ---- Outline ---------------------------------------------------------------------------------


def outline_sent(scene: Scene) -> dict[str, Any]:
    scene.inspection.refresh_from_db()
    items = list(scene.inspection.outline.all())
    sent: dict[str, Any] = {
        "version": str(scene.inspection.version),
        "muc": [str(item.pk) for item in items],
    }
    for item in items:
        sent |= {
            f"m{item.pk}-title": item.title,
            f"m{item.pk}-number": str(item.number),
            f"m{item.pk}-topic": item.topic,
            f"m{item.pk}-answer": f"{item.kind}:{item.table}" if item.table else item.kind,
        }
    for n in range(3):
        sent |= {f"moi{n}-topic": "other", f"moi{n}-answer": "text"}
    return sent


def test_the_outline_is_ordered_added_to_and_cut(scene: Scene, signed_in: Browser) -> None:
    url = page("inspection-outline", scene.inspection.pk)
    first, second, *_rest = scene.inspection.outline.all()
    sent = outline_sent(scene) | {
        f"m{first.pk}-out": "on",
        f"m{second.pk}-number": "99",
        "moi0-title": "Kiến nghị của đơn vị",
        "moi0-number": "0",
        "moi0-answer": "table:grades",
    }
    assert signed_in(scene.officer).post(url, sent).status_code == 302
    items = list(scene.inspection.outline.all())
    assert [item.number for item in items] == list(range(1, 10))
    assert (items[0].title, items[0].kind, items[0].table) == (
        "Kiến nghị của đơn vị",
        "table",
        "grades",
    )
    assert items[-1].pk == second.pk
    assert first not in items


def test_an_outline_changed_by_somebody_else_is_told(scene: Scene, signed_in: Browser) -> None:
    url = page("inspection-outline", scene.inspection.pk)
    sent = outline_sent(scene)
    first = scene.inspection.outline.first()
    assert first is not None
    sent[f"m{first.pk}-title"] = "Đang gõ"
    services.outline_set(
        actor=scene.lead,
        inspection=scene.inspection,
        items=[{"topic": "other", "title": "Câu của người khác", "kind": "text"}],
    )
    answer = signed_in(scene.officer).post(url, sent)
    assert answer.status_code == 409
    shown = text_of(answer)
    assert "Đang gõ" in shown
    assert "Câu của người khác" in shown
    assert scene.inspection.outline.get().title == "Câu của người khác"


def test_what_a_unit_answered_is_not_cut(scene: Scene) -> None:
    report = SelfReport.objects.create(inspected_unit=scene.department)
    item = scene.inspection.outline.first()
    assert item is not None
    SelfAnswer.objects.create(report=report, item=item, text="Đã trả lời")
    with pytest.raises(InspectionRefused, match="Mục 1 đã có đơn vị trả lời"):
        services.outline_set(actor=scene.officer, inspection=scene.inspection, items=[])


def test_once_asked_the_outline_is_read(scene: Scene, signed_in: Browser) -> None:
    advance(scene, Stage.SELF_REPORTING)
    answer = signed_in(scene.lead).get(page("inspection-outline", scene.inspection.pk))
    assert "Đã gửi các đơn vị nên không sửa nữa" in text_of(answer)
    assert "<textarea" not in text_of(answer)


# ---- Steps, and who is not there ---------------------------------------------------------------


def test_steps_are_told_linked_and_taken(scene: Scene, signed_in: Browser) -> None:
    client, url = signed_in(scene.lead), page("inspection-detail", scene.inspection.pk)
    scene.inspection.units.filter(pk=scene.other.pk).update(report_due_on=None)
    shown = text_of(client.get(url))
    assert "1 đơn vị chưa có hạn nộp" in shown
    assert page("inspection-units", scene.inspection.pk) in shown
    assert page("inspection-advance", scene.inspection.pk) not in shown
    scene.inspection.units.update(report_due_on=TODAY)
    assert page("inspection-advance", scene.inspection.pk) in text_of(client.get(url))
    answer = client.post(page("inspection-advance", scene.inspection.pk), follow=True)
    assert "ở bước “Triển khai”" in text_of(answer)
    client.post(page("inspection-step-back", scene.inspection.pk))
    scene.inspection.refresh_from_db()
    assert scene.inspection.stage == Stage.PREPARING


def test_a_secretary_sees_and_does_not_manage(scene: Scene, signed_in: Browser) -> None:
    client, pk = signed_in(scene.secretary), scene.inspection.pk
    assert client.get(page("inspection-detail", pk)).status_code == 200
    for name in ("inspection-edit", "inspection-units"):
        assert client.get(page(name, pk)).status_code == 403
    for name in ("inspection-advance", "inspection-step-back", "inspection-outline"):
        assert client.post(page(name, pk)).status_code == 403


def test_a_member_of_another_team_is_told_nothing(scene: Scene, signed_in: Browser) -> None:
    other = services.inspection_open(
        actor=scene.officer,
        values={
            name: getattr(scene.inspection, name)
            for name in services.MANDATE
            if name != "programme"
        },
    )
    member_set(actor=scene.officer, inspection=other, user=scene.outsider, role=TeamRole.LEAD)
    client, pk = signed_in(scene.outsider), scene.inspection.pk
    assert client.get(page("inspection-detail", other.pk)).status_code == 200
    member = scene.inspection.team.get(user=scene.secretary)
    for name in ("detail", "edit", "units", "team", "outline"):
        assert client.get(page(f"inspection-{name}", pk)).status_code == 404, name
    for name in ("inspection-advance", "inspection-step-back"):
        assert client.post(page(name, pk)).status_code == 404, name
    assert client.get(page("member-edit", pk, member.pk)).status_code == 404
    assert client.get(page("member-edit", other.pk, member.pk)).status_code == 404
    assert client.post(page("member-remove", other.pk, member.pk)).status_code == 404
