"""What plans add to the list of people and to the search box: who is planned for what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadres.listing import Cell, Column, Filter, Hit, SearchKind, enter
from cadres.policies import Actor, unit_scope
from cadres.selectors.text import folded, word_starts
from cadres.words import shortened, title_alone
from planning.models import Nomination, Plan, Term
from planning.selectors.plans import nominated_on

ANY = ("", gettext_lazy("Tất cả"))
#: How titles of every commune end; in this column nothing is lost without it.
_ANY_COMMUNE = " cấp xã"
#: What goes before the code of a term in the address.
IN, OUT = "co.", "khong."

# ---- The column ------------------------------------------------------------------------------


def _nominations(actor: Actor, as_of: dt.date) -> QuerySet[Nomination]:
    """Nominations that hold on the day, among plans in the actor's scope."""
    return Nomination.objects.filter(nominated_on(as_of), unit_scope(actor, "plan__unit__path"))


def _annotations(actor: Actor, as_of: dt.date) -> dict[str, Any]:
    """Present titles first, the most senior of a term first; past terms are left out."""
    rows = (
        _nominations(actor, as_of)
        .filter(cadre=OuterRef("pk"), plan__term__ends_on__gte=as_of)
        .order_by(
            "plan__term__starts_on",
            "-pool__position__title__rank",
            "pool__position__title__code",
            "plan__unit__code",
        )
        .values(
            facts=JSONObject(
                title="pool__position__title__name",
                unit="plan__unit__name",
                term="plan__term__code",
                degree="pool__position__title__min_degree",
                theory="pool__position__title__min_theory",
            )
        )
    )
    return {"planned": ArraySubquery(rows)}


def _cell(cadre: Any, _as_of: dt.date) -> Cell:
    if not cadre.planned:
        return Cell()
    first, *others = cadre.planned
    titles = dict.fromkeys(each["title"] for each in cadre.planned)
    more = f" +{len(titles) - 1}" if len(titles) > 1 else ""
    return Cell(
        text=shortened(title_alone(first["title"]).removesuffix(_ANY_COMMUNE)) + more,
        title="; ".join(
            f"{each['title']}, {each['unit']} ({each['term'].replace('-', '–')})"
            for each in (first, *others)
        ),
    )


def _signs(cadre: Any, _as_of: dt.date) -> Mapping[str, str]:
    """What falls short of a title that the person is planned for; unknown where none is on file."""
    found = {}
    for key, fact, held in (
        ("chuyen_mon", "degree", cadre.degree),
        ("llct", "theory", cadre.theory),
    ):
        asked = max((each[fact] for each in cadre.planned if each[fact] is not None), default=None)
        if asked is None or (held is not None and held >= asked):
            continue
        found[key] = "cannot_tell" if held is None else "not_met"
    return found


# ---- The filter ------------------------------------------------------------------------------


class _TermField(forms.ChoiceField):
    """In a plan of a term, or in none; the terms are read when they are needed, once."""

    def __init__(self, actor: Actor) -> None:
        self._terms: list[str] | None = None
        self._actor = actor
        super().__init__(label=_("Quy hoạch"), choices=self._offered, required=False)

    def _offered(self) -> list[Any]:
        if self._terms is None:
            seen = Plan.objects.filter(unit_scope(self._actor), term=OuterRef("pk"))
            terms = Term.objects.filter(Exists(seen)).order_by("-starts_on", "code")
            self._terms = list(terms.values_list("code", flat=True))
        choices: list[Any] = [ANY]
        for code in self._terms:
            term = {"term": code.replace("-", "–")}
            choices += [
                (IN + code, _("Có trong quy hoạch %(term)s") % term),
                (OUT + code, _("Chưa có trong quy hoạch %(term)s") % term),
            ]
        return choices


def _in_plan(actor: Actor, as_of: dt.date, value: Any) -> Q:
    """In a plan of the term on the day, as far as the actor sees plans."""
    wanted, _dot, code = str(value).partition(".")
    planned = _nominations(actor, as_of).filter(plan__term__code=code)
    # DISTINCT has the set read once; else the planner looks each person up, by a dear index.
    chosen = Q(pk__in=planned.values("cadre_id").distinct())
    return chosen if f"{wanted}." == IN else ~chosen


def _chip(value: Any, _as_of: dt.date) -> tuple[str, str]:
    wanted, _dot, code = str(value).partition(".")
    label = _("Quy hoạch %(term)s") % {"term": code.replace("-", "–")}
    return label, _("có") if f"{wanted}." == IN else _("chưa có")


# ---- The search box --------------------------------------------------------------------------


def _plans(actor: Actor, text: str, as_of: dt.date, limit: int) -> Sequence[Hit]:
    """Plans of units with this name or code: of the day first, then of later and past terms."""
    of_day = Q(term__starts_on__lte=as_of, term__ends_on__gte=as_of)
    rows = (
        Plan.objects.filter(
            unit_scope(actor),
            word_starts(text, "unit__search_key") | Q(unit__code__istartswith=text),
        )
        .select_related("unit", "term")
        .order_by(
            Case(
                When(of_day, unit__search_key__startswith=folded(text), then=Value(0)),
                When(of_day, then=Value(1)),
                default=Value(2),
            ),
            F("term__starts_on").desc(),
            "unit__path",
        )
    )
    return [
        Hit(
            name=_("Quy hoạch %(unit)s") % {"unit": plan.unit.name},
            note=_("nhiệm kỳ %(term)s") % {"term": plan.term},
            url_name="planning:plan-detail",
            url_args=(plan.pk,),
        )
        for plan in rows[:limit]
    ]


PLANNED = Column(
    key="quy_hoach",
    label=gettext_lazy("Quy hoạch"),
    cell=_cell,
    annotations=_annotations,
    signs=_signs,
    sign_note=gettext_lazy("chưa đủ tiêu chuẩn của chức danh quy hoạch"),
    is_default=True,
    width=28,
)
IN_PLAN = Filter(
    name="quy_hoach",
    field=lambda actor, _as_of: _TermField(actor),
    condition=_in_plan,
    chip=_chip,
)
PLANS = SearchKind(key="ke-hoach", label=gettext_lazy("Kế hoạch quy hoạch"), find=_plans)

enter(columns=(PLANNED,), filters=(IN_PLAN,), kinds=(PLANS,))
