"""Who is told of what happens to the plan of a year."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from cadre_portal.common import clock
from cadres.choices import Role
from cadres.selectors.notices import Officers
from cadres.selectors.units import units_by_id
from cadres.services.notices import Telling, notify
from rotation.models import RotationPlan
from rotation.selectors.plans import targets_of


def tell_submitted(plan: RotationPlan) -> None:
    """Who approves for every unit in the plan has something to decide."""
    units = units_by_id(targets_of(plan)).values()
    officers = Officers(Role.APPROVER)
    told = [officers.above(unit.path) for unit in units]
    people = frozenset.intersection(*told) - {plan.submitted_by_id} if told else frozenset()
    text = _("%(plan)s đã trình, chờ quyết định.")
    notify([_about(plan, "submitted", frozenset(pk for pk in people if pk), text)])


def tell_returned(plan: RotationPlan, submitted_by: int | None) -> None:
    """Who submitted it has to mend it."""
    text = _("%(plan)s bị trả lại; lý do ghi trong kế hoạch.")
    notify([_about(plan, "returned", _one(submitted_by), text)])


def tell_approved(plan: RotationPlan, submitted_by: int | None) -> None:
    """Who submitted it learns the decision."""
    text = _("%(plan)s đã được phê duyệt.")
    notify([_about(plan, "approved", _one(submitted_by), text)])


def _one(user_id: int | None) -> frozenset[int]:
    return frozenset() if user_id is None else frozenset({user_id})


def _about(plan: RotationPlan, occasion: str, told: frozenset[int], text: str) -> Telling:
    return Telling(
        user_ids=told,
        key=f"rotation-plan-{occasion}:{plan.pk}:{clock.now():%Y%m%d%H%M%S%f}",
        text=text % {"plan": plan},
        url=reverse("rotation:plan-detail", args=[plan.year]),
    )
