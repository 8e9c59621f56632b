"""The history of a person, a unit, a plan: what, when, by whom, through which door; deletions."""

from collections.abc import Callable

import pghistory
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadres.models import User
from cadres.selectors import cadre_history, unit_history
from cadres.selectors.history import Change, ChangeKind
from planning.selectors import plan_history
from tests import factories
from tests.cast import Organisation

Browser = Callable[[User], Client]
URL = "/ho-so/CB-NV/lich-su/"
#: A table each, three for names, and what every page of a file asks.
HISTORY = 18


def first(changes: list[Change], kind: ChangeKind) -> Change:
    return next(change for change in changes if change.kind == kind)


def test_old_and_new(organisation: Organisation, unit_officer: User) -> None:
    cadre = organisation.insider
    cadre.full_name, cadre.theory, cadre.native_unit = "Nông Thị Ánh Tuyết", 4, organisation.commune
    cadre.save()
    latest = first(cadre_history(unit_officer, cadre), ChangeKind.CHANGED)
    assert {field.label: (field.was, field.now) for field in latest.fields} == {
        "họ và tên": ("Nông Thị Ánh", "Nông Thị Ánh Tuyết"),
        "lý luận chính trị": ("Cao cấp", "Cử nhân"),
        "quê quán": ("", "Xã Bảo Lạc"),
    }
    assert (latest.what, latest.who, latest.door) == ("cán bộ", "", "lệnh hoặc việc nền")


# ---- Deletions -------------------------------------------------------------------------------


def test_what_was_deleted_is_told(organisation: Organisation, unit_officer: User) -> None:
    cadre = organisation.insider
    factories.EvaluationFactory(cadre=cadre, year=2024, unit=organisation.department).delete()
    factories.TrainingFactory(cadre=cadre).delete()
    changes = cadre_history(unit_officer, cadre)
    gone = {change.what: change for change in changes if change.is_deleted}
    assert set(gone) == {"đánh giá, xếp loại", "đào tạo, bồi dưỡng"}
    grade = gone["đánh giá, xếp loại"]
    assert grade.about == "2024"
    told = {field.label: (field.was, field.now) for field in grade.fields}
    assert told["xếp loại"] == ("Hoàn thành tốt nhiệm vụ", "")
    assert told["đơn vị"] == ("Sở Nội vụ", "")
    # Before it was deleted it was new.
    kinds = [change.kind for change in changes if change.what == "đánh giá, xếp loại"]
    assert kinds == [ChangeKind.DELETED, ChangeKind.NEW]


def test_a_deleted_post_of_a_person_and_a_position_of_a_unit(
    organisation: Organisation, unit_officer: User
) -> None:
    post = organisation.insider.appointments.get()
    post.delete()
    gone = first(cadre_history(unit_officer, organisation.insider), ChangeKind.DELETED)
    assert gone.about == "Giám đốc, Sở Nội vụ"
    factories.PositionFactory(unit=organisation.centre, title=organisation.deputy).delete()
    gone = first(unit_history(unit_officer, organisation.centre), ChangeKind.DELETED)
    assert (gone.what, gone.about) == ("vị trí", "Phó Giám đốc")


def test_a_deleted_nomination_of_a_plan(organisation: Organisation, unit_officer: User) -> None:
    ballot = factories.BallotFactory(pool=organisation.pool, cadre=organisation.insider)
    ballot.delete()
    organisation.insider.nominations.get().delete()
    gone = [c.what for c in plan_history(unit_officer, organisation.plan) if c.is_deleted]
    assert gone == [
        "người được quy hoạch: Nông Thị Ánh, Giám đốc",
        "phiếu bước 1: Nông Thị Ánh, Giám đốc",
    ]
    page_url = reverse("planning:plan-detail", args=[organisation.plan.pk])
    client = Client()
    client.force_login(unit_officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "Đã xóa" in client.get(f"{page_url}?phan=lich-su").text


def test_a_deleted_discipline_is_still_sensitive(
    organisation: Organisation, unit_officer: User, auditor: User, signed_in: Browser
) -> None:
    factories.DisciplineFactory(cadre=organisation.insider).delete()
    assert "Khiển trách" in signed_in(unit_officer).get(URL).text
    page = signed_in(auditor).get(URL).text.lower()
    assert "khiển trách" not in page
    assert "kỷ luật" not in page


def test_sensitive_changes_are_kept_from_auditors(
    organisation: Organisation, unit_officer: User, auditor: User
) -> None:
    cadre = organisation.insider
    factories.DisciplineFactory(cadre=cadre)
    cadre.ethnicity_code = "07"
    cadre.save()

    def labels(actor: User) -> set[str]:
        return {field.label for change in cadre_history(actor, cadre) for field in change.fields}

    assert {"dân tộc", "hình thức"} <= labels(unit_officer)
    assert not {"dân tộc", "hình thức"} & labels(auditor)
    assert "họ và tên" in labels(auditor)


# ---- Who, and through which door -------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "door"),
    [
        ({"url": "/ho-so/CB-NV/sua/"}, "biểu mẫu"),
        ({"url": "/quan-tri/cadres/cadre/1/change/"}, "trang quản trị"),
        ({"url": "/api/v1/cadres/"}, "giao diện lập trình"),
        ({"source": "import", "file": "can-bo.xlsx"}, "nhập từ tệp can-bo.xlsx"),
        ({"source": "import", "import_job": 7}, "nhập từ tệp"),
        ({}, "lệnh hoặc việc nền"),
    ],
)
def test_the_door(
    told: dict[str, object], door: str, organisation: Organisation, unit_officer: User
) -> None:
    with pghistory.context(user=unit_officer.pk, **told):
        organisation.insider.theory = 1
        organisation.insider.save()
    latest = first(cadre_history(unit_officer, organisation.insider), ChangeKind.CHANGED)
    assert (latest.who, latest.door) == (str(unit_officer), door)


def test_the_mechanics_of_the_tree_are_left_out(
    organisation: Organisation, unit_officer: User
) -> None:
    before = len(unit_history(unit_officer, organisation.department))
    factories.UnitFactory(parent=organisation.department)  # changes the parent's row
    assert len(unit_history(unit_officer, organisation.department)) == before


def test_outside_the_scope_it_is_empty(
    organisation: Organisation, other_unit_officer: User, stranger: User
) -> None:
    assert unit_history(other_unit_officer, organisation.department) == []
    assert cadre_history(stranger, organisation.insider) == []


# ---- Pages -----------------------------------------------------------------------------------


def test_the_page(organisation: Organisation, unit_officer: User, signed_in: Browser) -> None:
    client = signed_in(unit_officer)
    page = client.get(URL).text
    assert "<html" in page
    assert "Ghi mới: cán bộ" in page
    part = client.get(URL, headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "<form" not in part


def test_narrowed_to_a_field_or_a_kind(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    cadre = organisation.insider
    cadre.theory = 4
    cadre.save()
    factories.TrainingFactory(cadre=cadre).delete()
    client = signed_in(unit_officer)

    def found(**query: str) -> list[tuple[str, str]]:
        page = client.get(URL, query)
        return [(change.what, change.kind) for change in page.context["changes"]]

    assert found(truong="cadre.theory") == [("cán bộ", "changed"), ("cán bộ", "new")]
    assert found(viec="deleted") == [("đào tạo, bồi dưỡng", "deleted")]
    assert found(truong="cadre.degree", viec="changed") == []
    assert "Không có thay đổi nào khớp" in client.get(URL, {"truong": "khong.co"}).text


def test_pages_of_fifty(organisation: Organisation, unit_officer: User, signed_in: Browser) -> None:
    for year in range(1950, 2010):
        factories.EvaluationFactory(cadre=organisation.insider, year=year)
    client = signed_in(unit_officer)
    page = client.get(URL)
    assert len(page.context["changes"]) == 50
    assert "1–50 trong 62" in page.text
    assert len(client.get(URL, {"trang": "2"}).context["changes"]) == 12
    part = client.get(URL, headers={"HX-Request": "true"}).text
    assert "Xem tất cả 62 thay đổi" in part


def test_queries_do_not_grow(
    organisation: Organisation, unit_officer: User, signed_in: Browser
) -> None:
    client = signed_in(unit_officer)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(URL).status_code == 200
        return len(captured)

    count()  # what follows is in one transaction and so has an account
    factories.EvaluationFactory(cadre=organisation.insider, year=2000)
    few = count()
    for year in range(2001, 2012):
        factories.EvaluationFactory(cadre=organisation.insider, year=year)
    assert count() == few <= HISTORY
