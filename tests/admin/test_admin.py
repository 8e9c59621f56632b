"""The Django admin: who enters, that every page opens, and what it will not do."""

import datetime as dt
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadre_portal.common import clock
from cadres import policies
from cadres.models import RoleGrant, Unit, User
from cadres.services.access import grant_revoke
from compliance.models import Target, Waiver
from tests import factories
from tests.cast import ROLES, Organisation
from tests.support.workers import broker_client, purge_queue

Browser = Callable[[User], Client]

#: Some rows of each model that has a page.
ROWS = {
    "cadres.user": factories.UserFactory,
    "cadres.rolegrant": factories.RoleGrantFactory,
    "cadres.unit": factories.UnitFactory,
    "cadres.title": factories.TitleFactory,
    "cadres.position": factories.PositionFactory,
    "cadres.cadre": factories.CadreFactory,
    "planning.plan": factories.PlanFactory,
    "compliance.target": factories.TargetFactory,
    "compliance.waiver": factories.WaiverFactory,
    "compliance.compliancerun": factories.ComplianceRunFactory,
}


def models() -> list[type]:
    return sorted(admin.site._registry, key=lambda model: model._meta.label_lower)


def address(model: type, page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", models(), ids=lambda model: model._meta.label_lower)
def test_every_list_and_form_opens(
    model: type, organisation: Organisation, administrator: User, signed_in: Browser
) -> None:
    client = signed_in(administrator)
    made = ROWS.get(model._meta.label_lower)
    row = made() if made else model._default_manager.first()
    changelist = client.get(address(model, "changelist"))
    assert changelist.status_code == 200
    site = admin.site._registry[model]
    add = client.get(address(model, "add")).status_code
    assert add == (200 if site.has_add_permission(changelist.wsgi_request) else 403)
    if row is not None:
        assert client.get(address(model, "change", row.pk)).status_code == 200
        assert client.get(address(model, "delete", row.pk)).status_code in (
            (200, 403) if model._meta.app_label == "django_celery_beat" else (403,)
        )


@pytest.mark.parametrize("role", [role for role in ROLES if role != "administrator"])
def test_others_are_refused(role: str, cast: dict[str, User], signed_in: Browser) -> None:
    account = cast[role]
    account.is_staff = True  # the mark alone opens nothing
    account.save()
    client = signed_in(account)
    for name in ("index", "cadres_user_changelist", "cadres_unit_add", "login"):
        assert client.get(reverse(f"admin:{name}")).status_code == 403


def test_an_administrator_who_is_not_staff_is_refused(
    administrator: User, signed_in: Browser
) -> None:
    administrator.is_staff = False
    administrator.save()
    assert signed_in(administrator).get(reverse("admin:index")).status_code == 403


def test_visitors_go_to_the_portals_sign_in(db: None, client: Client) -> None:
    page = client.get(reverse("admin:index"), follow=True)
    assert page.redirect_chain[-1][0].startswith(reverse("account_login"))
    page = client.post(reverse("admin:login"), {"username": "x", "password": "y"})
    assert page.status_code == 302
    assert page["Location"].startswith(reverse("account_login"))


def test_nothing_can_be_deleted_at_once(administrator: User, signed_in: Browser) -> None:
    request = signed_in(administrator).get(reverse("admin:index")).wsgi_request
    for model, site in admin.site._registry.items():
        assert "delete_selected" not in site.get_actions(request), model
        if model._meta.app_label != "django_celery_beat":
            assert not site.has_delete_permission(request), model


def test_only_these_pages_may_evaluate_scripts(administrator: User, signed_in: Browser) -> None:
    client = signed_in(administrator)
    inside = client.get(reverse("admin:index"))["Content-Security-Policy"]
    assert "'unsafe-eval'" in inside
    assert "script-src 'self' 'unsafe-eval'" in inside
    outside = client.get(reverse("cadres:unit-list"))["Content-Security-Policy"]
    assert "unsafe" not in outside


@pytest.mark.parametrize("label", sorted(ROWS))
def test_queries_of_lists_do_not_grow(label: str, administrator: User, signed_in: Browser) -> None:
    model = next(model for model in models() if model._meta.label_lower == label)
    client, url = signed_in(administrator), address(model, "changelist")

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    for _row in range(3):
        ROWS[label]() if label != "planning.plan" else factories.PlanFactory()
    count()
    few = count()
    for _row in range(12):
        ROWS[label]()
    assert count() == few


# ---- Accounts and grants ---------------------------------------------------------------------


def test_an_account_is_made_and_given_a_grant(
    organisation: Organisation, administrator: User, signed_in: Browser
) -> None:
    client = signed_in(administrator)
    page = client.post(
        reverse("admin:cadres_user_add"),
        {
            "username": "nguoi-moi",
            "full_name": "Người Mới",
            "password1": factories.PASSWORD + "-2026",
            "password2": factories.PASSWORD + "-2026",
            "usable_password": "true",
            "grants-TOTAL_FORMS": "0",
            "grants-INITIAL_FORMS": "0",
        },
    )
    account = User.objects.get(username="nguoi-moi")
    assert page.status_code == 302
    page = client.post(
        reverse("admin:cadres_user_change", args=[account.pk]),
        {
            "username": "nguoi-moi",
            "full_name": "Người Mới",
            "is_active": "on",
            "grants-TOTAL_FORMS": "1",
            "grants-INITIAL_FORMS": "0",
            "grants-0-role": "unit_officer",
            "grants-0-unit": organisation.department.pk,
            "grants-0-user": account.pk,
        },
    )
    assert page.status_code == 302
    assert policies.in_scope(account, organisation.centre)


def test_a_grant_of_an_inspector_needs_bounds(
    organisation: Organisation, administrator: User, signed_in: Browser
) -> None:
    account = factories.UserFactory()
    page = signed_in(administrator).post(
        reverse("admin:cadres_rolegrant_add"), {"user": account.pk, "role": "inspector"}
    )
    assert page.status_code == 200
    assert not RoleGrant.objects.filter(user=account).exists()


@pytest.mark.parametrize("days", [None, 0, -10])
def test_a_grant_is_revoked_at_once_and_kept(
    days: int | None, organisation: Organisation, administrator: User, signed_in: Browser
) -> None:
    start = clock.today() + dt.timedelta(days) if days is not None else None
    grant = factories.RoleGrantFactory(valid_from=start)
    assert policies.sees_everything(grant.user)
    page = signed_in(administrator).post(
        reverse("admin:cadres_rolegrant_changelist"),
        {"action": "revoke", "_selected_action": [grant.pk]},
        follow=True,
    )
    assert "Đã thu hồi" in page.content.decode()
    grant.refresh_from_db()
    assert grant.valid_to < clock.today()
    policies.forget_grants(grant.user)
    assert not policies.grants_of(grant.user)


def test_only_administrators_revoke(provincial_officer: User, stranger: User) -> None:
    grant = factories.RoleGrantFactory(user=stranger)
    with pytest.raises(policies.PermissionDenied):
        grant_revoke(actor=provincial_officer, grant=grant)


def test_a_lost_second_factor_is_reset_but_never_ones_own(
    administrator: User, stranger: User, signed_in: Browser
) -> None:
    for account in (administrator, stranger):
        Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={})
    signed_in(administrator).post(
        reverse("admin:cadres_user_changelist"),
        {"action": "reset_mfa", "_selected_action": [administrator.pk, stranger.pk]},
    )
    assert list(Authenticator.objects.values_list("user", flat=True)) == [administrator.pk]


def test_a_lock_is_lifted(administrator: User, stranger: User, signed_in: Browser) -> None:
    from axes.models import AccessAttempt

    AccessAttempt.objects.create(
        username=stranger.username, ip_address="127.0.0.1", failures_since_start=9
    )
    signed_in(administrator).post(
        reverse("admin:cadres_user_changelist"),
        {"action": "unlock", "_selected_action": [stranger.pk]},
    )
    assert not AccessAttempt.objects.exists()


# ---- Organisation ----------------------------------------------------------------------------

FORM = {
    "kind": "department",
    "level": "province",
    "successions-TOTAL_FORMS": "0",
    "successions-INITIAL_FORMS": "0",
}


def test_a_new_unit_gets_its_place_in_the_tree(
    organisation: Organisation, administrator: User, signed_in: Browser
) -> None:
    client, url = signed_in(administrator), reverse("admin:cadres_unit_add")
    parent = organisation.department
    data = {**FORM, "code": "SNV-TT", "name": "Thanh tra Sở", "parent": parent.pk}
    assert client.post(url, data).status_code == 302
    unit = Unit.objects.get(code="SNV-TT")
    assert unit.path.startswith(parent.path)
    assert unit.depth == parent.depth + 1
    assert client.post(url, {**FORM, "code": "TW", "name": "Trung ương"}).status_code == 302
    assert Unit.objects.get(code="TW").depth == 1
    assert Unit.objects.find_problems() == ([], [], [], [], [])


def test_a_unit_is_changed_without_touching_its_path(
    organisation: Organisation, administrator: User, signed_in: Browser
) -> None:
    unit = organisation.other
    client = signed_in(administrator)
    url = reverse("admin:cadres_unit_change", args=[unit.pk])
    assert "parent" not in client.get(url).context["adminform"].form.fields
    data = {**FORM, "code": "SYT", "name": "Sở Y tế tỉnh", "path": "0009", "parent": ""}
    assert client.post(url, data).status_code == 302
    changed = Unit.objects.get(pk=unit.pk)
    assert (changed.name, changed.path) == ("Sở Y tế tỉnh", unit.path)


def test_a_code_is_used_once(
    organisation: Organisation, administrator: User, signed_in: Browser
) -> None:
    data = {**FORM, "code": "SYT", "name": "Sở khác"}
    page = signed_in(administrator).post(reverse("admin:cadres_unit_add"), data)
    assert page.status_code == 200
    assert Unit.objects.filter(code="SYT").count() == 1


# ---- Targets and waivers ---------------------------------------------------------------------


def target_form(unit: Unit, **changes: str) -> dict[str, object]:
    return {
        "unit": unit.pk,
        "parameter": "planning.women_share.minimum",
        "level": "province",
        "value": "25",
        "in_force_from": "01/01/2026",
        "document": "12-NQ/TU",
        "confidence": "read",
        **changes,
    }


def test_a_target_is_for_a_parameter_of_the_law(
    organisation: Organisation, administrator: User, signed_in: Browser
) -> None:
    client, url = signed_in(administrator), reverse("admin:compliance_target_add")
    unit = organisation.province
    page = client.post(url, target_form(unit, parameter="planning.khong_co.minimum"))
    assert page.status_code == 200
    assert not Target.objects.exists()
    assert client.post(url, target_form(unit)).status_code == 302
    assert Target.objects.get().value == 25
    page = client.post(url, target_form(unit, in_force_from="02/01/2026", in_force_to="01/01/2026"))
    assert page.status_code == 200
    assert Target.objects.count() == 1


def test_nobody_approves_the_waiver_they_asked_for(
    organisation: Organisation, administrator: User, signed_in: Browser
) -> None:
    client = signed_in(administrator)
    page = client.post(
        reverse("admin:compliance_waiver_add"),
        {
            "rule": "planning.women_share",
            "unit": organisation.department.pk,
            "reason": "Đơn vị đặc thù",
            "document": "45-TB/TU",
            "in_force_from": "01/01/2026",
            "in_force_to": "31/12/2026",
            "approved_by": administrator.pk,
        },
    )
    assert page.status_code == 302, page.context["errors"]
    waiver = Waiver.objects.get()
    assert (waiver.asked_by, waiver.approved_by) == (administrator, None)
    approve = {"action": "approve", "_selected_action": [waiver.pk]}
    url = reverse("admin:compliance_waiver_changelist")
    page = client.post(url, approve, follow=True)
    assert "không tự phê duyệt" in page.content.decode()
    other = factories.UserFactory(is_staff=True)
    factories.RoleGrantFactory(user=other, role="administrator")
    signed_in(other).post(url, approve)
    waiver.refresh_from_db()
    assert waiver.approved_by == other


def test_a_changed_waiver_is_to_be_approved_again(
    organisation: Organisation, administrator: User, signed_in: Browser
) -> None:
    waiver = factories.WaiverFactory(unit=organisation.department)
    waiver.approved_by = factories.UserFactory()
    waiver.save()
    page = signed_in(administrator).post(
        reverse("admin:compliance_waiver_change", args=[waiver.pk]),
        {
            "rule": "planning.openness",
            "unit": organisation.department.pk,
            "reason": "Khác",
            "document": "45-TB/TU",
            "in_force_from": "01/01/2026",
            "in_force_to": "31/12/2026",
        },
    )
    assert page.status_code == 302
    waiver.refresh_from_db()
    assert (waiver.asked_by, waiver.approved_by) == (administrator, None)


def test_a_waiver_is_for_a_rule_that_exists(
    organisation: Organisation, administrator: User, signed_in: Browser
) -> None:
    page = signed_in(administrator).post(
        reverse("admin:compliance_waiver_add"),
        {"rule": "planning.khong_co", "unit": organisation.department.pk},
    )
    assert page.status_code == 200
    assert not Waiver.objects.exists()


# ---- History ---------------------------------------------------------------------------------


def test_history_tells_who_did_it(
    organisation: Organisation, administrator: User, signed_in: Browser
) -> None:
    client = signed_in(administrator)
    url = reverse("admin:cadres_unit_change", args=[organisation.other.pk])
    client.post(url, {**FORM, "code": "SYT", "name": "Sở Y tế mới"})
    page = client.get(reverse("admin:cadres_unitevent_changelist"))
    text = page.content.decode()
    assert "Sở Y tế mới" in text
    assert str(administrator) in text
    assert "Lịch sử: đơn vị" in text
    assert "numchild" not in text


def test_the_front_page_leads_everywhere(administrator: User, signed_in: Browser) -> None:
    client = signed_in(administrator)
    page = client.get(reverse("admin:index"))
    links = [
        item["link"] for group in page.context["sidebar_navigation"] for item in group["items"]
    ]
    assert len(links) > 20
    for link in links:
        assert f'href="{link}"' in page.text
        assert client.get(link).status_code == 200


def test_pages_speak_vietnamese(administrator: User, signed_in: Browser) -> None:
    text = signed_in(administrator).get(reverse("admin:cadres_user_changelist")).text
    assert "Gõ để tìm" in text
    assert "Type to search" not in text


def test_a_change_of_what_verdicts_rest_on_asks_for_a_check(
    organisation: Organisation,
    administrator: User,
    signed_in: Browser,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    purge_queue()
    title = organisation.director
    form = {"code": title.code, "name": title.name, "kind": title.kind, "rank": title.rank + 1}
    with django_capture_on_commit_callbacks(execute=True):
        answer = signed_in(administrator).post(address(type(title), "change", title.pk), form)
    assert answer.status_code == 302
    with broker_client() as broker:
        jobs = broker.lrange("cadre_portal", 0, -1)
    purge_queue()
    assert any(b"compliance.check_all" in job for job in jobs)
