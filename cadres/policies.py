"""Who may see and do what. Grants alone decide: no grant today, nothing.

`unit_scope` answers "what exists for this actor" (outside it: 404), the `can_...` functions answer
"may the actor do this" (403). Both rest on the grants in force today, read once per request.
"""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Model, Q

from cadre_portal.common import clock
from cadres.choices import Role
from cadres.models import Appointment, Cadre, SupplementRound, Unit, User
from cadres.periods import active_on

Actor = User | AnonymousUser

#: Path of a grant without unit: the prefix of every path.
EVERYTHING = ""
#: Sorts after every character of a path.
_AFTER = "~"

EDITING_ROLES = (Role.ADMINISTRATOR, Role.PROVINCIAL_OFFICER, Role.UNIT_OFFICER)
#: All of a row: that there is one included.
WHOLE = frozenset({"*"})
#: Sensitive data, declared here and nowhere else: model -> its fields. Rules whose findings tell
#: of them carry `sensitive=True`.
SENSITIVE = {
    "cadres.cadre": frozenset({"ethnicity_code"}),
    "cadres.discipline": WHOLE,
    # Why somebody leaves a plan may be a discipline.
    "planning.nomination": frozenset({"removal_reason"}),
    "planning.draftitem": frozenset({"reason", "note", "returned_for"}),
    # Why somebody did not go, or came back early, may be health, family or a discipline.
    "rotation.rotation": frozenset({"decline_reason", "decline_kind", "end_kind", "end_note"}),
    "rotation.rotationopinion": frozenset({"text"}),
}
#: Roles whose work needs sensitive data. Auditors follow acts, not people's troubles.
SENSITIVE_ROLES = (
    Role.ADMINISTRATOR,
    Role.PROVINCIAL_OFFICER,
    Role.UNIT_OFFICER,
    Role.APPROVER,
    Role.INSPECTOR,
)
#: Roles that look at what others did.
AUDIT_ROLES = (Role.ADMINISTRATOR, Role.AUDITOR)
_CHECKING_ROLES = (*EDITING_ROLES, Role.APPROVER)


class Grant(NamedTuple):
    """A role in force today for the subtree under `path` (EVERYTHING: all units)."""

    role: str
    path: str


# ---- Grants ----------------------------------------------------------------------------------


def grants_of(actor: Actor) -> tuple[Grant, ...]:
    """Grants in force today. One query, kept on the account object until the day changes.

    A superuser is an administrator; administrators are so for everything, whatever unit their
    grant names. Anonymous and switched-off accounts have none.
    """
    if not isinstance(actor, User) or not actor.is_active:
        return ()
    today = clock.today()
    kept = getattr(actor, "_grants_today", None)
    if kept is None or kept[0] != today:
        kept = (today, _read_grants(actor))
        actor._grants_today = kept  # type: ignore[attr-defined]
    return kept[1]


def forget_grants(actor: User) -> None:
    """Drop what was kept on the account object, after its grants changed."""
    with suppress(AttributeError):
        del actor._grants_today  # type: ignore[attr-defined]


# Every page asks for it, and every page shows how many notices are new: read along, also for who
# holds no grant.
_GRANTS = """
SELECT g.role, u.path,
       (SELECT count(*) FROM cadres_notice n WHERE n.user_id = %(user)s AND n.read_at IS NULL)
  FROM (SELECT) once
  LEFT JOIN cadres_rolegrant g ON g.user_id = %(user)s
   AND (g.valid_from IS NULL OR g.valid_from <= %(day)s)
   AND (g.valid_to IS NULL OR g.valid_to >= %(day)s)
  LEFT JOIN cadres_unit u ON u.id = g.unit_id
"""


def _read_grants(actor: User) -> tuple[Grant, ...]:
    today = clock.today()
    with connection.cursor() as cursor:
        cursor.execute(_GRANTS, {"user": actor.pk, "day": today})
        rows = cursor.fetchall()
    actor._new_notices = rows[0][2]  # type: ignore[attr-defined]
    grants = {
        Grant(role, EVERYTHING if role == Role.ADMINISTRATOR else path or EVERYTHING)
        for role, path, _new in rows
        if role
    }
    if actor.is_superuser:
        grants.add(Grant(Role.ADMINISTRATOR, EVERYTHING))
    return tuple(sorted(grants))


def roles_of(actor: Actor) -> frozenset[str]:
    """Roles held today, anywhere."""
    return frozenset(grant.role for grant in grants_of(actor))


def has_role(actor: Actor, *roles: str, unit: Unit | None = None) -> bool:
    """Whether one of `roles` is held for `unit` or a unit above it; without `unit`: anywhere."""
    return any(
        grant.role in roles and (unit is None or unit.path.startswith(grant.path))
        for grant in grants_of(actor)
    )


def has_role_everywhere(actor: Actor, *roles: str) -> bool:
    """Whether one of `roles` is held for all units (a grant without unit)."""
    return any(grant.role in roles and grant.path == EVERYTHING for grant in grants_of(actor))


def is_administrator(actor: Actor) -> bool:
    """Whether the actor administers the portal."""
    return has_role(actor, Role.ADMINISTRATOR)


# ---- Scope -----------------------------------------------------------------------------------


def scope_paths(actor: Actor, *roles: str) -> tuple[str, ...]:
    """Topmost paths that the actor may see today; with `roles`, those held with these roles.

    `(EVERYTHING,)` for all units, `()` for none; no path lies below another of the answer.
    """
    paths = sorted({g.path for g in grants_of(actor) if not roles or g.role in roles})
    topmost: list[str] = []
    for path in paths:
        # In byte order a subtree follows its root at once, so the last kept path decides.
        if not topmost or not path.startswith(topmost[-1]):
            topmost.append(path)
    return tuple(topmost)


def sees_everything(actor: Actor) -> bool:
    """Whether no unit is hidden from the actor."""
    return scope_paths(actor) == (EVERYTHING,)


def below(path: str, field: str = "path") -> Q:
    """`field` lies in the subtree of `path`, itself included; a range, so that an index serves."""
    if path == EVERYTHING:
        return Q()
    return Q(**{f"{field}__gte": path, f"{field}__lt": path + _AFTER})


def unit_scope(actor: Actor, field: str = "unit__path", *, roles: tuple[str, ...] = ()) -> Q:
    """Condition "`field` lies where the actor may look today", for any queryset.

    Empty Q for who sees everything; never true for who holds no grant. With `roles`, only grants
    of these roles count (for example EDITING_ROLES: where the actor may write).
    """
    paths = scope_paths(actor, *roles)
    if not paths:
        return Q(**{f"{field}__in": ()})
    scope = Q()
    for path in paths:
        scope |= below(path, field)
    return scope


def in_scope(actor: Actor, unit: Unit) -> bool:
    """Whether the actor may look into `unit` today."""
    return any(unit.path.startswith(path) for path in scope_paths(actor))


# ---- Acts ------------------------------------------------------------------------------------


def require(ok: bool) -> None:
    """Raise PermissionDenied (answered with 403) unless `ok`."""
    if not ok:
        raise PermissionDenied


def can_manage_access(actor: Actor) -> bool:
    """Accounts, grants, the administration pages."""
    return is_administrator(actor)


def can_enter_admin(actor: Actor) -> bool:
    """The Django admin: an administrator whose account is also marked as staff."""
    return isinstance(actor, User) and actor.is_staff and is_administrator(actor)


def can_import_workbook(actor: Actor) -> bool:
    """A workbook may touch every unit and the shared lists, so the role has to cover all units."""
    return has_role_everywhere(actor, Role.ADMINISTRATOR, Role.PROVINCIAL_OFFICER)


def can_import_list(actor: Actor, unit: Unit | None = None) -> bool:
    """Bring an office's list into the files of `unit` and below; without `unit`: of any unit."""
    return has_role(actor, *EDITING_ROLES, unit=unit)


def can_import_list_everywhere(actor: Actor) -> bool:
    """Import lists for all units, and so see those that others uploaded."""
    return has_role_everywhere(actor, *EDITING_ROLES)


def can_merge_files(actor: Actor) -> bool:
    """Say that two files are one person's, or two's: it may touch files and plans of any unit."""
    return has_role_everywhere(actor, Role.ADMINISTRATOR, Role.PROVINCIAL_OFFICER)


def can_export_workbook(actor: Actor, unit: Unit | None = None) -> bool:
    """The exchange workbook holds disciplines: who sees those in `unit` (None: everywhere)."""
    return can_see_sensitive(actor, unit) if unit else has_role_everywhere(actor, *SENSITIVE_ROLES)


def can_export_people(actor: Actor) -> bool:
    """Take away the list of the people one sees, and keep filters of it: with any grant."""
    return bool(grants_of(actor))


def can_run_check(actor: Actor, unit: Unit | None = None) -> bool:
    """Start a check of `unit` and below; without `unit`, of everything."""
    if unit is None:
        return has_role_everywhere(actor, *_CHECKING_ROLES)
    return has_role(actor, *_CHECKING_ROLES, unit=unit)


def can_see_sensitive(actor: Actor, unit: Unit | None = None) -> bool:
    """Disciplines and ethnic group of people in `unit`; without `unit`: of anybody at all."""
    return has_role(actor, *SENSITIVE_ROLES, unit=unit)


def can_see_sensitive_of(actor: Actor, cadre: Cadre) -> bool:
    """As can_see_sensitive, for one person: by the units where they hold a title today."""
    return _serves_within(cadre, scope_paths(actor, *SENSITIVE_ROLES))


def sensitive_fields(model: type[Model]) -> frozenset[str]:
    """Names of the sensitive fields of a model; WHOLE when all of it is."""
    return SENSITIVE.get(model._meta.label_lower, frozenset())


def sensitive_paths(actor: Actor) -> tuple[str, ...] | None:
    """Where the actor sees sensitive data; None: wherever they look at all."""
    paths = scope_paths(actor, *SENSITIVE_ROLES)
    return None if paths == scope_paths(actor) else paths


def can_edit_unit(actor: Actor, unit: Unit) -> bool:
    """Change a unit's own data."""
    return has_role(actor, *EDITING_ROLES, unit=unit)


def can_edit_cadre(actor: Actor, cadre: Cadre) -> bool:
    """Change a person's file: officers where the person serves today; nobody their own."""
    if isinstance(actor, User) and actor.cadre_id == cadre.pk:
        return False
    return _serves_within(cadre, scope_paths(actor, *EDITING_ROLES))


def can_reorganise(actor: Actor) -> bool:
    """Merge, split, rename, move and close units: it may touch every unit and the mandates."""
    return has_role_everywhere(actor, Role.ADMINISTRATOR, Role.PROVINCIAL_OFFICER)


def can_grade(actor: Actor, unit: Unit, *, cadre_id: int) -> bool:
    """Give a grade of `unit` to a person who served there; nobody grades themselves."""
    if isinstance(actor, User) and actor.cadre_id == cadre_id:
        return False
    return can_edit_unit(actor, unit)


def can_edit_course(actor: Actor, unit: Unit) -> bool:
    """Plan courses of `unit`, and say who attends."""
    return has_role(actor, *EDITING_ROLES, unit=unit)


def can_add_cadre(actor: Actor) -> bool:
    """Open a file: officers; where they may, the first post of the new file decides."""
    return has_role(actor, *EDITING_ROLES)


def can_open_round(actor: Actor) -> bool:
    """Ask people to add to their files: officers, for people whose files they may change."""
    return has_role(actor, *EDITING_ROLES)


def can_manage_round(actor: Actor, found: SupplementRound) -> bool:
    """Close a round and open it again: who opened it, and officers of everything."""
    if not can_open_round(actor):
        return False
    return found.opened_by_id == actor.pk or has_role_everywhere(actor, *EDITING_ROLES)


def can_edit_law(actor: Actor, unit: Unit | None = None) -> bool:
    """Provincial targets, terms, titles; `unit` is where a target applies."""
    roles = (Role.ADMINISTRATOR, Role.PROVINCIAL_OFFICER)
    return has_role(actor, *roles, unit=unit) if unit else has_role_everywhere(actor, *roles)


def can_ask_waiver(actor: Actor, unit: Unit) -> bool:
    """Propose that a rule is not held against `unit`."""
    return has_role(actor, *EDITING_ROLES, unit=unit)


def can_approve(actor: Actor, unit: Unit, *, asked_by_id: int | None) -> bool:
    """Approve something of `unit`. Nobody approves what they asked for themselves."""
    if actor.pk is None or actor.pk == asked_by_id:
        return False
    return has_role(actor, Role.APPROVER, Role.ADMINISTRATOR, unit=unit)


def can_see_history(actor: Actor) -> bool:
    """Who changed what, inside the scope: everybody with a grant."""
    return bool(grants_of(actor))


def can_see_audit(actor: Actor) -> bool:
    """Who did what in the whole portal."""
    return has_role(actor, *AUDIT_ROLES)


def can_see_records(actor: Actor) -> bool:
    """Who opened and exported what: who audits; and, of their own file alone, the person."""
    own = isinstance(actor, User) and actor.is_active and actor.cadre_id is not None
    return own or can_see_audit(actor)


def can_see_openings(actor: Actor, cadre: Cadre) -> bool:
    """Who opened this file: who audits, and the person."""
    return can_see_audit(actor) or (isinstance(actor, User) and actor.cadre_id == cadre.pk)


def can_see_components(actor: Actor) -> bool:
    """The gallery of page components."""
    return is_administrator(actor)


def _serves_within(cadre: Cadre, paths: tuple[str, ...]) -> bool:
    """Whether the person holds a title today in a subtree of `paths`."""
    if not paths:
        return False
    if paths == (EVERYTHING,):
        return True
    where = Q()
    for path in paths:
        where |= below(path, "unit__path")
    held = Appointment.objects.filter(active_on(clock.today()), where, cadre=cadre)
    return held.exists()
