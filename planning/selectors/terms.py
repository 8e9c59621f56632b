"""Terms of office, and which of them a page is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from cadres.policies import Actor, unit_scope
from planning.models import Term


@dataclass(frozen=True)
class TermChoice:
    """The term a page is about (None: there is none at all) and those one may choose."""

    chosen: Term | None
    offered: Sequence[Term]


def term_choice(actor: Actor, as_of: dt.date, code: str = "") -> TermChoice:
    """The term with this code, else that of the day, else the latest with plans; one query.

    Offered are the terms that have plans in the actor's scope, the latest first.
    """
    in_scope = unit_scope(actor, "plans__unit__path")
    terms = Term.objects.annotate(plans_seen=Count("plans", filter=in_scope or None))
    offered = [term for term in terms.order_by("-starts_on", "code") if term.plans_seen]
    named = next((term for term in offered if term.code == code), None)
    of_day = next((term for term in offered if term.starts_on <= as_of <= term.ends_on), None)
    chosen = named or of_day or next(iter(offered), None)
    return TermChoice(chosen, offered)


def term_on(day: dt.date) -> Term | None:
    """The term that a day falls into, the one that began last; None where there is none."""
    terms = Term.objects.filter(starts_on__lte=day, ends_on__gte=day)
    return terms.order_by("-starts_on", "-pk").first()
