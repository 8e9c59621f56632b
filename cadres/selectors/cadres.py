"""People: who is visible, lists with filters, one person's file.

A person is visible where they hold a title today; who sees all units sees everybody, also those
without a title.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.shortcuts import get_object_or_404

from cadre_portal.common import clock
from cadres.ages import born_by
from cadres.models import Appointment, Cadre, Discipline, Evaluation, Title, Training, Unit
from cadres.periods import active_on
from cadres.policies import (
    SENSITIVE_ROLES,
    Actor,
    below,
    can_see_sensitive_of,
    scope_paths,
    sees_everything,
    unit_scope,
)
from cadres.selectors.text import folded, folded_words, looks_like_code

# ---- Who is visible --------------------------------------------------------------------------


def cadre_scope(actor: Actor, field: str = "pk") -> Exists | Value:
    """Condition "the person whose id is `field` is visible to the actor today"."""
    if sees_everything(actor):
        return Value(True, output_field=BooleanField())
    return _serving(clock.today(), unit_scope(actor), field)


def sensitive_scope(actor: Actor, field: str = "pk") -> Exists | Value:
    """Condition "the actor may see sensitive data of the person whose id is `field`"."""
    if scope_paths(actor, *SENSITIVE_ROLES) == ("",):
        return Value(True, output_field=BooleanField())
    return _serving(clock.today(), unit_scope(actor, roles=SENSITIVE_ROLES), field)


def _sensitive_of_visible(actor: Actor) -> Exists | Value:
    """sensitive_scope among people who are visible anyway: mostly the same, so it costs nothing."""
    if scope_paths(actor, *SENSITIVE_ROLES) == scope_paths(actor):
        return Value(True, output_field=BooleanField())
    return sensitive_scope(actor)


def _serving(day: dt.date, where: Q, field: str = "pk") -> Exists:
    held = Appointment.objects.filter(active_on(day), where, cadre=OuterRef(field))
    return Exists(held)


def cadres_visible(actor: Actor) -> QuerySet[Cadre]:
    """Files the actor may open, as Vietnamese lists are sorted."""
    people = Cadre.objects.order_by("sort_key", "code")
    return people if sees_everything(actor) else people.filter(cadre_scope(actor))


def cadre_get(actor: Actor, code: str) -> Cadre:
    """The person with this code. Raises Http404 when the actor may see none."""
    return get_object_or_404(cadres_visible(actor).select_related("native_unit"), code=code)


# ---- Lists -----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class CadreFilters:
    """What a list of people is narrowed to; None and "" ask nothing.

    `unit` means the unit and everything below it, `title` a title held on the day; ages are
    completed years, both ends inside; `is_party` is whether a date of joining is on file.
    """

    text: str = ""
    unit: Unit | None = None
    title: Title | None = None
    sex: str = ""
    age_from: int | None = None
    age_to: int | None = None
    is_party: bool | None = None
    degree_from: int | None = None
    theory_from: int | None = None
    ethnicity: str = ""


#: Orders that a list offers; the name of the order is what `sap=` says, "-" turns it round.
ORDERS = {
    "ten": ("sort_key", "code"),
    "-ten": ("-sort_key", "-code"),
    "sinh": ("birth_date", "sort_key", "code"),
    "-sinh": ("-birth_date", "sort_key", "code"),
    "ma": ("code",),
    "-ma": ("-code",),
}


def cadre_list(
    actor: Actor, as_of: dt.date, filters: CadreFilters, order: str = "ten"
) -> QuerySet[Cadre]:
    """Visible people who pass the filters, whose facts are read on `as_of`.

    Each has `is_sensitive_shown`. A filter on sensitive data finds only people whose sensitive
    data the actor may see.
    """
    people = cadres_visible(actor).filter(_facts_wanted(filters, as_of))
    if filters.text.strip():
        people = people.filter(cadre_search(filters.text))
    if filters.unit or filters.title:
        people = people.filter(_serving(as_of, _post_wanted(filters)))
    shown = _sensitive_of_visible(actor)
    if filters.ethnicity:
        people = people.filter(shown, ethnicity_code=filters.ethnicity)
    return people.annotate(is_sensitive_shown=shown).order_by(*ORDERS.get(order, ORDERS["ten"]))


def cadre_search(text: str, prefix: str = "") -> Q:
    """Name with or without diacritics, words in any order; or a code that begins like this."""
    text = text.strip()
    if looks_like_code(text):
        return Q(**{f"{prefix}code__istartswith": text})
    return folded_words(text, f"{prefix}search_key")


def _facts_wanted(filters: CadreFilters, as_of: dt.date) -> Q:
    wanted = Q()
    if filters.sex:
        wanted &= Q(sex=filters.sex)
    if filters.age_from is not None:
        wanted &= Q(birth_date__lte=born_by(as_of, filters.age_from))
    if filters.age_to is not None:
        wanted &= Q(birth_date__gt=born_by(as_of, filters.age_to + 1))
    if filters.is_party is not None:
        wanted &= Q(party_joined_on__isnull=not filters.is_party)
    if filters.degree_from is not None:
        wanted &= Q(degree__gte=filters.degree_from)
    if filters.theory_from is not None:
        wanted &= Q(theory__gte=filters.theory_from)
    return wanted


def _post_wanted(filters: CadreFilters) -> Q:
    wanted = Q()
    if filters.unit:
        wanted &= below(filters.unit.path, "unit__path")
    if filters.title:
        wanted &= Q(title=filters.title)
    return wanted


def posts_of(cadres: Iterable[Cadre], as_of: dt.date) -> dict[int, Appointment]:
    """Primary appointment of each person on the day, by the person's id; one query.

    CONTRACT section 3: the highest rank, then the latest start, then the lowest title and unit
    codes. Who holds no title has no entry.
    """
    rows = (
        Appointment.objects.filter(active_on(as_of), cadre__in=[cadre.pk for cadre in cadres])
        .select_related("title", "unit")
        .order_by("cadre_id", "-title__rank", "-start_on", "title__code", "unit__code")
        .distinct("cadre_id")
    )
    return {row.cadre_id: row for row in rows}


def matches_first(text: str) -> Case:
    """0 for names with a word that begins like the text, 1 for the others."""
    starts = Q(search_key__startswith=folded(text)) | Q(search_key__contains=folded(f" {text}"))
    return Case(When(starts, then=Value(0)), default=Value(1))


# ---- One person ------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class CadreProfile:
    """A person's file on one day; `disciplines` is None when the actor may not see them."""

    cadre: Cadre
    as_of: dt.date
    posts: list[Appointment]
    career: list[Appointment]
    evaluations: list[Evaluation]
    trainings: list[Training]
    disciplines: list[Discipline] | None

    @property
    def post(self) -> Appointment | None:
        """The primary appointment on the day."""
        return self.posts[0] if self.posts else None

    @property
    def is_sensitive_shown(self) -> bool:
        """Whether sensitive data are part of what the actor sees."""
        return self.disciplines is not None


def cadre_profile(actor: Actor, cadre: Cadre, as_of: dt.date) -> CadreProfile:
    """The file of a person whom the actor may see; five queries."""
    career = list(
        Appointment.objects.filter(cadre=cadre)
        .select_related("title", "unit")
        .order_by("-start_on", "-title__rank", "title__code", "unit__code")
    )
    posts = [a for a in career if a.start_on <= as_of and (a.end_on is None or as_of < a.end_on)]
    posts.sort(key=lambda a: (-a.title.rank, -a.start_on.toordinal(), a.title.code, a.unit.code))
    return CadreProfile(
        cadre=cadre,
        as_of=as_of,
        posts=posts,
        career=career,
        evaluations=list(
            Evaluation.objects.filter(cadre=cadre)
            .select_related("unit")
            .order_by("-year", "unit__code")
        ),
        trainings=list(Training.objects.filter(cadre=cadre).order_by("-start_on", "course")),
        disciplines=_disciplines(actor, cadre),
    )


def _disciplines(actor: Actor, cadre: Cadre) -> list[Discipline] | None:
    if not can_see_sensitive_of(actor, cadre):
        return None
    return list(Discipline.objects.filter(cadre=cadre).order_by("-decided_on"))
