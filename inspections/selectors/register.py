"""The register of documents: what is in it, which number comes next; and Word templates in use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.shortcuts import get_object_or_404

from cadres.policies import Actor
from inspections.choices import DocumentKind
from inspections.models import InspectedUnit, Inspection, PaperTemplate, RegisteredDocument
from inspections.selectors.inspections import inspections_visible
from inspections.selectors.seen import units_seen
from planning.selectors.terms import term_on

#: What an inspected unit gets of the papers that are registered.
OF_UNITS = (DocumentKind.KT3, DocumentKind.KT4, DocumentKind.KT5, DocumentKind.KT6)


def documents_visible(actor: Actor) -> QuerySet[RegisteredDocument]:
    """Lines of the register over all inspections in which the actor reads, the latest first."""
    return (
        RegisteredDocument.objects.filter(
            inspection__in=inspections_visible(actor).order_by().values("pk")
        )
        .select_related("inspection__unit", "inspected_unit__unit", "unit", "term", "registered_by")
        .order_by("-dated_on", "-pk")
    )


def document_list(
    actor: Actor, *, text: str = "", kind: str = "", term: str = ""
) -> QuerySet[RegisteredDocument]:
    """Lines by words of the title or number, kind and term; "" asks nothing."""
    rows = documents_visible(actor)
    if text:
        found = Q(title__icontains=text) | Q(symbol__icontains=text)
        number, _dash, symbol = text.partition("-")
        if number.isdecimal() and len(number) < 10:
            found |= Q(number=int(number), symbol__icontains=symbol)
        rows = rows.filter(found)
    if kind:
        rows = rows.filter(kind=kind)
    if term:
        rows = rows.filter(term__code=term)
    return rows


def document_get(actor: Actor, pk: int) -> RegisteredDocument:
    """A line whose unit the actor looks at. Raises Http404."""
    found: RegisteredDocument = get_object_or_404(documents_visible(actor), pk=pk)
    own = found.inspected_unit
    if own is not None and own not in units_seen(actor, found.inspection):
        get_object_or_404(RegisteredDocument.objects.none())
    return found


def documents_of_side(inspected: InspectedUnit) -> QuerySet[RegisteredDocument]:
    """Lines that an inspected unit sees: its own papers, what goes to all, its conclusion."""
    own = Q(inspected_unit=inspected, kind__in=OF_UNITS)
    of_all = Q(inspected_unit=None, kind__in=(DocumentKind.KT3, DocumentKind.KT4))
    verified = Q(inspected_unit=inspected, kind=DocumentKind.KT7)
    found = own | of_all | (verified & Q(minutes__unit_signed_by__isnull=False))
    if inspected.inspection.is_concluded:
        found |= Q(inspected_unit=inspected, kind=DocumentKind.KT10)
    return RegisteredDocument.objects.filter(
        found, inspection=inspected.inspection, cancelled_for=""
    ).order_by("pk")


def document_of_side(inspected: InspectedUnit, pk: int) -> RegisteredDocument:
    """One of them. Raises Http404."""
    found: RegisteredDocument = get_object_or_404(
        documents_of_side(inspected).select_related("inspection__unit", "inspected_unit__unit"),
        pk=pk,
    )
    return found


def next_number(unit: Any, symbol: str, day: dt.date) -> int:
    """The number that comes next for a symbol of a unit in the term of the day.

    Numbers run through the whole term of a committee (REGULATIONS section 10), cancelled ones
    counted. The office's own book may be further on: a proposal.
    """
    term = term_on(day)
    last = RegisteredDocument.objects.filter(unit=unit, term=term, symbol=symbol).aggregate(
        last=Max("number")
    )["last"]
    return (last or 0) + 1


def terms_used(actor: Actor) -> list[Any]:
    """Terms that occur in the register, the latest first."""
    rows = documents_visible(actor).exclude(term=None).order_by()
    found = {each.term_id: each.term for each in rows.order_by("term_id").distinct("term_id")}
    return sorted(found.values(), key=lambda term: term.starts_on, reverse=True)


# ---- Templates -------------------------------------------------------------------------------


def templates_used(unit: Any) -> dict[str, PaperTemplate]:
    """The issuing unit's own templates that are in use, by kind; one query."""
    rows = PaperTemplate.objects.filter(unit=unit, is_used=True).select_related("uploaded_by")
    return {each.kind: each for each in rows}


def templates_of(unit: Any, kind: str) -> Sequence[PaperTemplate]:
    """All templates that were ever put in for a kind, the latest first."""
    rows = PaperTemplate.objects.filter(unit=unit, kind=kind).select_related("uploaded_by")
    return list(rows.order_by("-pk"))


def template_get(inspection: Inspection, kind: str, pk: int) -> PaperTemplate:
    """One of them. Raises Http404."""
    found: PaperTemplate = get_object_or_404(PaperTemplate, pk=pk, unit=inspection.unit, kind=kind)
    return found
