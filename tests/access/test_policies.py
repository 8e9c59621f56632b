"""What each role may see and do: role × act × inside or outside the scope × dates."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from cadre_portal.common import clock
from cadres import policies
from cadres.choices import Role
from cadres.models import Unit, User
from tests import factories
from tests.cast import ROLES, Organisation

#: Codes of the units that a role sees.
ALL = {"CB", "SNV", "SNV-LT", "SYT", "H042", "X01321"}
VISIBLE = {
    "administrator": ALL,
    "provincial_officer": ALL,
    "unit_officer": {"SNV", "SNV-LT"},
    "other_unit_officer": {"SYT"},
    "approver": ALL,
    "inspector": {"SNV", "SNV-LT"},
    "auditor": ALL,
    "stranger": set(),
}

#: act -> {role: (inside Sở Nội vụ, inside Sở Y tế)}; a role without a line may not.
BOTH, OWN, THEIRS = (True, True), (True, False), (False, True)
ACTS = {
    "can_edit_unit": {
        "administrator": BOTH,
        "provincial_officer": BOTH,
        "unit_officer": OWN,
        "other_unit_officer": THEIRS,
    },
    "can_run_check": {
        "administrator": BOTH,
        "provincial_officer": BOTH,
        "unit_officer": OWN,
        "other_unit_officer": THEIRS,
        "approver": BOTH,
    },
    "can_see_sensitive": {
        "administrator": BOTH,
        "provincial_officer": BOTH,
        "unit_officer": OWN,
        "other_unit_officer": THEIRS,
        "approver": BOTH,
        "inspector": OWN,
    },
    "can_ask_waiver": {
        "administrator": BOTH,
        "provincial_officer": BOTH,
        "unit_officer": OWN,
        "other_unit_officer": THEIRS,
    },
    "can_edit_law": {"administrator": BOTH, "provincial_officer": BOTH},
    "in_scope": {
        "administrator": BOTH,
        "provincial_officer": BOTH,
        "unit_officer": OWN,
        "other_unit_officer": THEIRS,
        "approver": BOTH,
        "inspector": OWN,
        "auditor": BOTH,
    },
}

#: Acts that concern the whole portal.
GLOBAL_ACTS = {
    "can_import_workbook": {"administrator", "provincial_officer"},
    "can_export_workbook": {"administrator", "provincial_officer"},
    "can_run_check": {"administrator", "provincial_officer"},
    "can_edit_law": {"administrator", "provincial_officer"},
    "can_manage_access": {"administrator"},
    "can_enter_admin": {"administrator"},
    "can_see_components": {"administrator"},
    "can_see_audit": {"administrator", "auditor"},
    "can_see_history": set(ROLES) - {"stranger"},
}


@pytest.mark.parametrize("role", ROLES)
def test_scope_shows_only_the_subtree(role: str, cast: dict[str, User]) -> None:
    seen = Unit.objects.filter(policies.unit_scope(cast[role], "path"))
    assert set(seen.values_list("code", flat=True)) == VISIBLE[role]


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", ROLES)
def test_act_inside_and_outside(
    act: str, role: str, cast: dict[str, User], organisation: Organisation
) -> None:
    may = getattr(policies, act)
    got = may(cast[role], organisation.department), may(cast[role], organisation.other)
    assert got == ACTS[act].get(role, (False, False))


@pytest.mark.parametrize("act", GLOBAL_ACTS)
@pytest.mark.parametrize("role", ROLES)
def test_act_on_the_whole_portal(act: str, role: str, cast: dict[str, User]) -> None:
    assert getattr(policies, act)(cast[role]) == (role in GLOBAL_ACTS[act])


@pytest.mark.parametrize(
    ("role", "whose", "may"),
    [
        ("administrator", "outsider", True),
        ("provincial_officer", "villager", True),
        ("unit_officer", "insider", True),
        ("unit_officer", "below", True),
        ("unit_officer", "outsider", False),
        ("other_unit_officer", "insider", False),
        ("approver", "insider", False),
        ("inspector", "insider", False),
        ("auditor", "insider", False),
        ("stranger", "insider", False),
    ],
)
def test_editing_a_file(
    role: str, whose: str, may: bool, cast: dict[str, User], organisation: Organisation
) -> None:
    assert policies.can_edit_cadre(cast[role], getattr(organisation, whose)) is may


def test_nobody_edits_their_own_file(administrator: User, organisation: Organisation) -> None:
    administrator.cadre = organisation.insider
    assert not policies.can_edit_cadre(administrator, organisation.insider)
    assert policies.can_edit_cadre(administrator, organisation.outsider)


def test_sensitive_data_follow_the_person(
    unit_officer: User, auditor: User, organisation: Organisation
) -> None:
    assert policies.can_see_sensitive_of(unit_officer, organisation.insider)
    assert not policies.can_see_sensitive_of(unit_officer, organisation.outsider)
    assert not policies.can_see_sensitive_of(auditor, organisation.insider)


def test_nobody_approves_what_they_asked_for(
    approver: User, unit_officer: User, organisation: Organisation
) -> None:
    unit = organisation.department
    assert policies.can_approve(approver, unit, asked_by_id=unit_officer.pk)
    assert not policies.can_approve(approver, unit, asked_by_id=approver.pk)
    assert not policies.can_approve(unit_officer, unit, asked_by_id=approver.pk)
    assert not policies.can_approve(AnonymousUser(), unit, asked_by_id=None)


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "seen"),
    [
        (None, None, True),
        (0, None, True),
        (None, 0, True),
        (0, 0, True),
        (1, None, False),
        (None, -1, False),
        (-5, 5, True),
    ],
)
def test_a_grant_holds_on_its_days_only(
    valid_from: int | None, valid_to: int | None, seen: bool, organisation: Organisation
) -> None:
    today = clock.today()
    grant = factories.RoleGrantFactory(
        role=Role.UNIT_OFFICER,
        unit=organisation.department,
        valid_from=today + dt.timedelta(valid_from) if valid_from is not None else None,
        valid_to=today + dt.timedelta(valid_to) if valid_to is not None else None,
    )
    assert policies.in_scope(grant.user, organisation.centre) is seen


def test_a_mandate_ends_in_the_middle_of_a_session(
    inspector: User, organisation: Organisation
) -> None:
    assert policies.in_scope(inspector, organisation.department)
    with clock.frozen(clock.today() + dt.timedelta(days=31)):
        assert not policies.in_scope(inspector, organisation.department)


def test_grants_are_read_once(unit_officer: User, django_assert_num_queries) -> None:
    account = User.objects.get(pk=unit_officer.pk)
    with django_assert_num_queries(1):
        for _time in range(3):
            policies.roles_of(account)
            policies.unit_scope(account)


def test_forgotten_grants_are_read_again(stranger: User) -> None:
    assert not policies.roles_of(stranger)
    factories.RoleGrantFactory(user=stranger)
    policies.forget_grants(stranger)
    assert policies.roles_of(stranger) == {Role.PROVINCIAL_OFFICER}


def test_a_superuser_is_an_administrator(db: None) -> None:
    assert policies.is_administrator(factories.UserFactory(is_superuser=True))


def test_an_administrator_sees_everything_whatever_the_unit(organisation: Organisation) -> None:
    grant = factories.RoleGrantFactory(role=Role.ADMINISTRATOR, unit=organisation.commune)
    assert policies.sees_everything(grant.user)


def test_accounts_switched_off_and_visitors_see_nothing(administrator: User) -> None:
    administrator.is_active = False
    for actor in (administrator, AnonymousUser()):
        assert policies.scope_paths(actor) == ()
        assert not Unit.objects.filter(policies.unit_scope(actor, "path")).exists()


def test_nested_grants_make_one_range(organisation: Organisation) -> None:
    grant = factories.RoleGrantFactory(role=Role.UNIT_OFFICER, unit=organisation.province)
    factories.RoleGrantFactory(role=Role.APPROVER, unit=organisation.centre, user=grant.user)
    assert policies.scope_paths(grant.user) == (organisation.province.path,)
    assert policies.scope_paths(grant.user, Role.APPROVER) == (organisation.centre.path,)


def test_a_role_counts_only_where_it_is_held(organisation: Organisation) -> None:
    grant = factories.RoleGrantFactory(role=Role.AUDITOR)
    factories.RoleGrantFactory(role=Role.UNIT_OFFICER, unit=organisation.other, user=grant.user)
    assert policies.sees_everything(grant.user)
    assert not policies.can_edit_unit(grant.user, organisation.department)
    assert not policies.can_see_sensitive(grant.user, organisation.department)
    assert policies.can_see_sensitive(grant.user, organisation.other)


def test_require() -> None:
    policies.require(True)
    with pytest.raises(PermissionDenied):
        policies.require(False)
