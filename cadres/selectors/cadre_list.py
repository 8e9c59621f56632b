"""The list of people: who passes the filters, a page of them, all of them for a file.

A page is one statement whatever columns it has. Which fifty people stand on it is settled first,
from the bare table; only for them the columns are worked out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery

from cadres.ages import born_by
from cadres.models import Appointment, Cadre, Evaluation, ListColumns, Title, Unit, User
from cadres.periods import active_on
from cadres.policies import Actor, below
from cadres.selectors.cadres import cadres_visible, sensitive_of_visible, serving
from cadres.selectors.text import looks_like_code, word_starts

#: What an account kept under this name are the columns of this list.
LIST_NAME = "cadres"
#: Rows that the server-side cursor of a file hands over at a time.
CHUNK = 2_000
#: Columns that only the database reads.
_KEYS = ("sort_key", "search_key")
#: Grade asked for: none on file.
UNGRADED = "chua"


@dataclass(frozen=True, kw_only=True)
class CadreFilters:
    """What a list of people is narrowed to; None and "" ask nothing.

    `unit` means the unit and everything below it; unit, level and title are those of one post held
    on the day. Ages are completed years, both ends inside; `is_party` is whether a date of joining
    is on file; `grade` is that of the year before the day, the worst of several, or UNGRADED.
    `codes`: these people alone. `more`: conditions of rooms above.
    """

    text: str = ""
    unit: Unit | None = None
    level: str = ""
    title: Title | None = None
    sex: str = ""
    age_from: int | None = None
    age_to: int | None = None
    is_party: bool | None = None
    degree_from: int | None = None
    theory_from: int | None = None
    ethnicity: str = ""
    grade: int | str | None = None
    codes: Sequence[str] | None = None
    more: Q = Q()  # noqa: RUF009 - never changed


#: Orders that the list itself offers; the name is what `sap=` says, "-" turns it round.
ORDERS: Mapping[str, tuple[Any, ...]] = {
    "ten": ("sort_key", "code"),
    "-ten": ("-sort_key", "-code"),
    "sinh": ("birth_date", "sort_key", "code"),
    "-sinh": (F("birth_date").desc(nulls_last=True), "sort_key", "code"),
    "ma": ("code",),
    "-ma": ("-code",),
}
DEFAULT_ORDER = "ten"
#: The annotation that holds what a further order sorts by.
SORTED_BY = "sorted_by"


def cadre_list(
    actor: Actor,
    as_of: dt.date,
    filters: CadreFilters,
    order: str = DEFAULT_ORDER,
    orders: Mapping[str, Any] = MappingProxyType({}),
) -> QuerySet[Cadre]:
    """Visible people who pass the filters, whose facts are read on `as_of`.

    Each has `is_sensitive_shown`. A filter on sensitive data finds only people whose sensitive
    data the actor may see. `order` is one of ORDERS or, with or without "-" before it, a name of
    `orders`, which holds further expressions to sort by.
    """
    people = cadres_visible(actor).filter(_facts_wanted(filters, as_of), filters.more)
    if filters.text.strip():
        people = people.filter(_text_wanted(filters.text.strip(), as_of))
    if filters.unit or filters.title or filters.level:
        people = people.filter(serving(as_of, _post_wanted(filters)))
    if filters.grade is not None and filters.grade != "":
        people = people.filter(_grade_wanted(filters.grade, as_of.year - 1))
    shown = sensitive_of_visible(actor)
    if filters.ethnicity:
        people = people.filter(shown, ethnicity_code=filters.ethnicity)
    people = people.annotate(is_sensitive_shown=shown)
    if order.removeprefix("-") in orders:
        place = F(SORTED_BY).desc(nulls_last=True) if order.startswith("-") else F(SORTED_BY)
        people = people.annotate(**{SORTED_BY: orders[order.removeprefix("-")]})
        return people.order_by(place, "sort_key", "code")
    return people.order_by(*ORDERS.get(order, ORDERS[DEFAULT_ORDER]))


def _facts_wanted(filters: CadreFilters, as_of: dt.date) -> Q:
    wanted = Q() if filters.codes is None else Q(code__in=filters.codes)
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


def _text_wanted(text: str, as_of: dt.date) -> Q:
    """A name in any order of its words; a code that begins so; or, of two words on, a unit.

    One word of a unit's name is in too many of them to be asked for.
    """
    if looks_like_code(text):
        at_unit = serving_ids(as_of, Q(unit__code__iexact=text))
        return Q(code__istartswith=text) | Q(pk__in=at_unit)
    named = word_starts(text)
    if len(text.split()) < 2:
        return named
    units = Unit.objects.filter(word_starts(text)).values("pk")
    ids = Cadre.objects.filter(named).order_by().values("pk")
    return Q(pk__in=ids.union(serving_ids(as_of, Q(unit__in=units)), all=True))


def serving_ids(day: dt.date, where: Q) -> QuerySet[Appointment, Any]:
    """Ids of people who hold a post for which `where` is true on the day."""
    return Appointment.objects.filter(active_on(day), where).values("cadre_id")


def _post_wanted(filters: CadreFilters) -> Q:
    wanted = Q()
    if filters.unit:
        wanted &= below(filters.unit.path, "unit__path")
    if filters.level:
        wanted &= Q(unit__level=filters.level)
    if filters.title:
        wanted &= Q(title=filters.title)
    return wanted


def _grade_wanted(grade: int | str, year: int) -> Q:
    graded = Evaluation.objects.filter(year=year, cadre=OuterRef("pk"))
    if grade == UNGRADED:
        return Q(~Exists(graded))
    return Q(Exists(graded.filter(grade=grade))) & ~Q(Exists(graded.filter(grade__lt=grade)))


# ---- What is read of them --------------------------------------------------------------------


def cadre_page(
    people: QuerySet[Cadre], annotations: Mapping[str, Any], start: int, size: int
) -> list[Cadre]:
    """`size` people from the `start`-th on, in the order of the list, with annotations; one query.

    Annotations next to LIMIT and OFFSET would be worked out for every person passed over.
    """
    ids = people.values("pk")[start : start + size]
    rows = (
        Cadre.objects.filter(pk__in=ids)
        .annotate(**_own(people), **annotations)
        .order_by(*people.query.order_by)
        .defer(*_KEYS)
    )
    return list(rows)


def cadre_rows(people: QuerySet[Cadre], annotations: Mapping[str, Any]) -> Iterator[Any]:
    """Everybody in the list with annotations, from a server-side cursor; one query.

    Rows with the names of a `Cadre`'s columns: making an object of each cost as much as reading it.
    """
    facts = [each.attname for each in Cadre._meta.concrete_fields if each.name not in _KEYS]
    names = (*facts, *_own(people), *annotations)
    rows = people.annotate(**annotations).values_list(*names, named=True)
    return rows.iterator(chunk_size=CHUNK)


def _own(people: QuerySet[Cadre]) -> dict[str, Any]:
    """What the list itself annotates."""
    names = ("is_sensitive_shown", SORTED_BY)
    return {
        name: people.query.annotations[name] for name in names if name in people.query.annotations
    }


class Measure(NamedTuple):
    """How many pass the filters, of how many; the columns that the account chose, if it did."""

    found: int
    total: int
    columns: Sequence[str] | None


def cadre_measure(actor: Actor, people: QuerySet[Cadre], *, is_filtered: bool = True) -> Measure:
    """What the head of the list says; one query for all of it.

    A list that nothing narrows is counted once.
    """
    columns = ListColumns.objects.filter(user=OuterRef("pk"), list_name=LIST_NAME)
    row = (
        User.objects.filter(username=actor.get_username())
        .annotate(
            found=_count(people),
            total=_count(cadres_visible(actor)) if is_filtered else F("found"),
            columns=Subquery(columns.values("columns")),
        )
        .values_list("found", "total", "columns")
        .first()
    )
    return Measure(*row) if row else Measure(0, 0, None)


def _count(people: QuerySet[Cadre]) -> Subquery:
    number = Func("pk", function="count", output_field=IntegerField())
    return Subquery(people.order_by().annotate(number=number).values("number"))
