"""Pages of targets and waivers: looked at before, replaced and ended, asked for and approved."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from cadre_portal.common import clock
from cadres.models import User
from compliance import law_changes as services
from compliance.models import ComplianceState, Target, Waiver
from tests import factories
from tests.cast import Organisation

SignIn = Callable[[User], Client]
TODAY = dt.date(2026, 11, 22)
WOMEN = "planning.women_share.minimum"


@pytest.fixture(autouse=True)
def today() -> Any:
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def client(provincial_officer: User, signed_in: SignIn) -> Client:
    return signed_in(provincial_officer)


def url(name: str, *args: Any) -> str:
    return reverse(f"compliance:{name}", args=args)


def typed(**values: Any) -> dict[str, Any]:
    """A whole form of a target; the department's plan has one nominee, a woman."""
    return {
        "unit": "CB",
        "parameter": "planning.minority_share.minimum",
        "level": "province",
        "value": "50",
        "in_force_from": "2026-01-15",
        "document": "12-QĐ/TU (giả định)",
        "document_on": "2026-01-10",
        **values,
    }


def test_what_a_target_would_change_is_shown_and_nothing_is_written(
    organisation: Organisation, client: Client
) -> None:
    """The one nominee of each of two plans is of the Kinh or unknown: both plans turn."""
    organisation.insider.ethnicity_code = "01"
    organisation.insider.save()
    organisation.outsider.ethnicity_code = "02"
    organisation.outsider.save()
    page = client.post(url("target-add"), typed(xem="1"))
    assert page.status_code == 200
    turns = {(turn["text"], turn["outcome"]) for turn in page.context["turns"]}
    assert ("1 kế hoạch: từ “không áp dụng” thành “chưa đạt”", "not_met") in turns
    assert ("1 kế hoạch: từ “không áp dụng” thành “đạt”", "met") in turns
    assert 'value="12-QĐ/TU (giả định)"' in page.content.decode()
    assert not Target.objects.exists()
    assert not ComplianceState.objects.exists()
    # Somewhere else nothing turns; nonsense is told beside its field.
    page = client.post(url("target-add"), typed(xem="1", level="commune"))
    assert page.context["turns"] == []
    page = client.post(url("target-add"), typed(xem="1", in_force_to="2025-01-01"))
    assert page.status_code == 422


def test_a_target_is_set_replaced_and_ended_but_never_edited(
    organisation: Organisation, client: Client, provincial_officer: User
) -> None:
    assert client.post(url("target-add"), typed()).status_code == 302
    first = Target.objects.get()
    assert (first.document_on, first.value) == (dt.date(2026, 1, 10), 50)
    # A second one for the same place is refused: it is to be replaced.
    page = client.post(url("target-add"), typed(in_force_from="2026-06-01"))
    assert (page.status_code, Target.objects.count()) == (422, 1)
    assert "hãy thay chỉ tiêu ấy" in page.content.decode()
    first.value = 60
    with pytest.raises(ValidationError, match="không sửa được"):
        services.target_save(actor=provincial_officer, target=first)

    new = {"value": "60", "in_force_from": "2026-12-01", "document": "40-QĐ/TU (giả định)"}
    assert client.post(url("target-replace", first.pk), {**new, "xem": "1"}).status_code == 200
    assert Target.objects.count() == 1
    assert client.post(url("target-replace", first.pk), new).status_code == 302
    first.refresh_from_db()
    second = Target.objects.exclude(pk=first.pk).get()
    assert (first.in_force_to, first.end_document) == (dt.date(2026, 11, 30), new["document"])
    assert (second.unit, second.parameter, second.value) == (first.unit, first.parameter, 60)

    end = {"last_day": "2026-12-31", "document": "1-QĐ/TU (giả định)"}
    page = client.post(url("target-end", first.pk), end)
    assert "không thể kéo dài" in page.content.decode()
    assert client.post(url("target-end", second.pk), end).status_code == 302
    page = client.get(url("target-detail", second.pk))
    assert "chưa đến ngày" in page.content.decode()
    assert "Lịch sử" in page.content.decode()
    assert client.post(url("target-drop", first.pk)).status_code == 302
    assert client.post(url("target-drop", second.pk)).status_code == 302
    assert list(Target.objects.all()) == [first]


def test_a_waiver_is_asked_by_one_and_approved_by_another(
    organisation: Organisation, unit_officer: User, approver: User, signed_in: SignIn
) -> None:
    asking, approving = signed_in(unit_officer), signed_in(approver)
    form = {
        "unit": "SNV",
        "rule": "planning.women_share",
        "reason": "Đơn vị đặc thù",
        "in_force_from": "2026-11-01",
        "in_force_to": "2027-10-31",
        "document": "9-CV/TU (giả định)",
    }
    assert asking.post(url("waiver-add"), {**form, "in_force_to": ""}).status_code == 422
    assert asking.post(url("waiver-add"), {**form, "unit": "SYT"}).status_code == 422
    assert asking.post(url("waiver-add"), form).status_code == 302
    waiver = Waiver.objects.get()
    page = asking.get(url("waiver-detail", waiver.pk)).content.decode()
    assert "chờ phê duyệt" in page
    assert "không lan xuống cấp dưới" in page
    assert "Rút đề nghị" in page
    assert url("waiver-approve", waiver.pk) not in page
    assert asking.post(url("waiver-approve", waiver.pk)).status_code == 403
    assert approving.post(url("waiver-approve", waiver.pk)).status_code == 302
    waiver.refresh_from_db()
    assert waiver.approved_by == approver
    # Approved, it is no longer dropped; it may end earlier, not later.
    approving.post(url("waiver-drop", waiver.pk))
    assert Waiver.objects.exists()
    for day, status in (("2028-01-01", 422), ("2026-12-31", 302)):
        answer = asking.post(url("waiver-end", waiver.pk), {"last_day": day})
        assert answer.status_code == status
    waiver.refresh_from_db()
    assert waiver.in_force_to == dt.date(2026, 12, 31)


def test_a_waiver_that_nobody_approved_is_withdrawn_and_remembered(
    organisation: Organisation, unit_officer: User, signed_in: SignIn
) -> None:
    waiver = factories.WaiverFactory(
        unit=organisation.department, asked_by=unit_officer, approved_by=None
    )
    assert signed_in(unit_officer).post(url("waiver-drop", waiver.pk)).status_code == 302
    assert not Waiver.objects.exists()
    labels = Waiver.pgh_event_model.objects.values_list("pgh_label", flat=True)  # type: ignore[attr-defined]
    assert [label.split("_")[0] for label in labels.order_by("pgh_id")] == ["insert", "delete"]


def test_a_target_of_a_unit_that_is_no_more_says_so(
    organisation: Organisation, client: Client
) -> None:
    """Its own plans are judged by it still; nobody is told that its heirs are."""
    there, gone = (
        factories.TargetFactory(unit=unit) for unit in (organisation.other, organisation.district)
    )
    page = client.get(url("target-detail", gone.pk)).content.decode()
    assert f"{organisation.district.name} đã kết thúc ngày" in page
    assert f"Đơn vị kế tục ({organisation.commune.name}) không theo chỉ tiêu này" in page
    assert "đã kết thúc ngày" not in client.get(url("target-detail", there.pk)).content.decode()
