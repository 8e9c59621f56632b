"""Self-reports: what a unit is asked, what it has answered, what is open; how far units are.

A unit reads what it is writing (`report_of`, `questions_of`); the inspecting side reads what was
last submitted (`given_of`, `questions_given`), whatever the unit writes meanwhile.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404

from cadres.policies import Actor
from inspections.choices import ReportState, Stage
from inspections.models import (
    Attachment,
    InspectedUnit,
    Inspection,
    OutlineItem,
    SelfAnswer,
    SelfReport,
    SelfSubmission,
)
from inspections.selectors.inspections import inspections_visible
from inspections.selectors.seen import units_read

#: Steps in which a unit writes: it is asked, and late or returned answers still come in.
WRITABLE = (Stage.SELF_REPORTING, Stage.VERIFYING, Stage.REPORTING)
#: The unit's own assessment, the second part of the report.
ASSESSMENT = ("strengths", "shortcomings", "causes", "proposals")


@dataclass(frozen=True)
class Question:
    """A question with what the unit said to it; `is_open`: the unit may change the answer."""

    item: OutlineItem
    answer: SelfAnswer | None
    files: Sequence[Attachment]
    is_open: bool

    @property
    def is_answered(self) -> bool:
        """Whether something is said: words, a table, or files."""
        said = self.answer is not None and bool(self.answer.text.strip() or self.answer.table)
        return said or bool(self.files)

    @property
    def is_returned(self) -> bool:
        """Whether the team waits for more."""
        return self.answer is not None and self.answer.is_returned


def inspected_read_get(actor: Actor, pk: int) -> InspectedUnit:
    """An inspected unit whose report the actor reads today: the issuing side, the team within the
    mandate and for its units. Raises Http404."""
    rows = InspectedUnit.objects.select_related("inspection__unit", "unit")
    inspected = get_object_or_404(rows, pk=pk)
    get_object_or_404(inspections_visible(actor), pk=inspected.inspection_id)
    if inspected.pk not in {each.pk for each in units_read(actor, inspected.inspection)}:
        raise Http404
    return inspected


def report_of(inspected: InspectedUnit) -> SelfReport | None:
    """The unit's self-report with `first_sent_on`, None while nothing is written."""
    rows = SelfReport.objects.filter(inspected_unit=inspected).select_related("submitted_by")
    return rows.annotate(first_sent_on=first_sent("inspected_unit")).first()


def unit_files(inspected: InspectedUnit) -> QuerySet[Attachment]:
    """Files that stand with the unit's answers."""
    return (
        Attachment.objects.filter(
            inspected_unit=inspected,
            from_unit=True,
            item__isnull=False,
            remedy=None,
            is_withdrawn=False,
        )
        .select_related("uploaded_by")
        .order_by("pk")
    )


def questions_of(inspected: InspectedUnit, report: SelfReport | None) -> list[Question]:
    """The outline with the unit's answers; three queries."""
    answers = {each.item_id: each for each in report.answers.all()} if report else {}
    files: dict[int | None, list[Attachment]] = {}
    for each in unit_files(inspected):
        files.setdefault(each.item_id, []).append(each)
    return [
        Question(
            item,
            answers.get(item.pk),
            files.get(item.pk, []),
            is_open=answer_is_open(inspected, report, answers.get(item.pk)),
        )
        for item in inspected.inspection.outline.order_by("number")
    ]


def is_writable(inspected: InspectedUnit) -> bool:
    """Whether the step lets a unit write."""
    return inspected.inspection.stage in WRITABLE


def answer_is_open(
    inspected: InspectedUnit, report: SelfReport | None, answer: SelfAnswer | None
) -> bool:
    """Whether the unit may change an answer: until it submits, and then what was sent back."""
    if not is_writable(inspected):
        return False
    if report is None or report.state == ReportState.DRAFT:
        return True
    if report.state == ReportState.SUBMITTED:
        return False
    return bool(report.return_reason) or (answer is not None and answer.is_returned)


def assessment_is_open(inspected: InspectedUnit, report: SelfReport | None) -> bool:
    """Whether the unit may change its own assessment; sent back only with the whole report."""
    return answer_is_open(inspected, report, None)


def has_assessment(report: SelfReport | None) -> bool:
    """Whether the unit has said of itself what every report says."""
    return report is not None and bool(report.strengths.strip() and report.shortcomings.strip())


def seen_mark(report: SelfReport | None, questions: Iterable[Question]) -> str:
    """What a person has read of a report, to be compared when they submit it."""
    saves = sum(each.answer.version for each in questions if each.answer)
    files = [file.pk for each in questions for file in each.files]
    return f"{report.version if report else 0}.{saves}.{len(files)}.{max(files, default=0)}"


# ---- What was submitted ----------------------------------------------------------------------


def standing_of(inspected: InspectedUnit) -> SelfReport | None:
    """Where the unit's report stands, without what the unit is writing in it."""
    rows = SelfReport.objects.filter(inspected_unit=inspected).select_related("submitted_by")
    rows = rows.annotate(first_sent_on=first_sent("inspected_unit"))
    return rows.defer(*ASSESSMENT).first()


def first_sent(unit: str = "pk") -> Subquery:
    """The day on which a unit first submitted; `unit`: what holds the inspected unit outside."""
    rows = SelfSubmission.objects.filter(report__inspected_unit=OuterRef(unit))
    return Subquery(rows.order_by("submitted_on").values("submitted_on")[:1])


def submissions_latest() -> QuerySet[SelfSubmission]:
    """What each report said when it was last submitted."""
    return SelfSubmission.objects.order_by("report", "-pk").distinct("report")


def given_of(inspected: InspectedUnit) -> SelfSubmission | None:
    """What the unit last submitted, None while it has submitted nothing."""
    return submissions_latest().filter(report__inspected_unit=inspected).first()


def questions_given(inspected: InspectedUnit, given: SelfSubmission) -> list[Question]:
    """The outline with what was submitted, and with what the team asked of it; three queries."""
    asked = {
        each.item_id: each
        for each in SelfAnswer.objects.filter(report=given.report_id).defer("text", "table")
    }
    files: dict[int | None, list[Attachment]] = {}
    for file in given.files.select_related("uploaded_by").order_by("pk"):
        files.setdefault(file.item_id, []).append(file)
    return [
        Question(
            item,
            _given_answer(given, item, asked.get(item.pk)),
            files.get(item.pk, []),
            is_open=False,
        )
        for item in inspected.inspection.outline.order_by("number")
    ]


def _given_answer(
    given: SelfSubmission, item: OutlineItem, asked: SelfAnswer | None
) -> SelfAnswer | None:
    said = given.answers.get(str(item.pk))
    if said is None and asked is None:
        return None
    said = said or {"text": "", "table": None}
    returned = ("returned_for", "returned_on", "amended_on")
    return SelfAnswer(
        report_id=given.report_id,
        item=item,
        text=said["text"],
        table=said["table"],
        **{name: getattr(asked, name) for name in returned if asked},
    )


def answered_about(
    inspected: InspectedUnit, topic: str
) -> list[tuple[SelfSubmission, OutlineItem]]:
    """What the unit submitted, with the questions on a topic that it answers; two queries."""
    given = given_of(inspected)
    if given is None:
        return []
    items = inspected.inspection.outline.filter(topic=topic, pk__in=list(given.answers))
    return [(given, item) for item in items.order_by("number")]


# ---- How far units are -----------------------------------------------------------------------


@dataclass(frozen=True)
class AnswerCount:
    """How many questions a unit has answered, how many were sent back and wait."""

    answered: int
    returned: int
    files: int


def answer_counts(units: Iterable[InspectedUnit]) -> dict[int, AnswerCount]:
    """By the id of the inspected unit; two queries."""
    ids = [each.pk for each in units]
    own = Attachment.objects.filter(
        inspected_unit=OuterRef("report__inspected_unit"),
        item=OuterRef("item"),
        from_unit=True,
        is_withdrawn=False,
    )
    rows = (
        SelfAnswer.objects.filter(report__inspected_unit__in=ids)
        .values("report__inspected_unit")
        .annotate(
            answered=Count("pk", filter=~Q(text="") | Q(table__isnull=False) | Q(Exists(own))),
            returned=Count("pk", filter=Q(returned_on__isnull=False, amended_on=None)),
        )
        .values_list("report__inspected_unit", "answered", "returned")
    )
    files = dict(
        Attachment.objects.filter(
            inspected_unit__in=ids, from_unit=True, item__isnull=False, is_withdrawn=False
        )
        .values("inspected_unit")
        .annotate(n=Count("pk"))
        .values_list("inspected_unit", "n")
    )
    return {pk: AnswerCount(done, back, files.get(pk, 0)) for pk, done, back in rows}


def units_owing() -> QuerySet[InspectedUnit]:
    """Units that have not submitted, or not what was sent back, while reports are asked for."""
    sent = SelfReport.objects.filter(inspected_unit=OuterRef("pk"), state=ReportState.SUBMITTED)
    return (
        InspectedUnit.objects.filter(~Exists(sent), inspection__stage__in=WRITABLE, late_reason="")
        .select_related("unit", "inspection")
        .order_by("pk")
    )


def reports_owed(inspection: Inspection) -> list[InspectedUnit]:
    """Those of one inspection; one query."""
    return list(units_owing().filter(inspection=inspection))


def reports_due(until: dt.date) -> QuerySet[InspectedUnit]:
    """Those whose report is due by a day."""
    return units_owing().filter(report_due_on__lte=until)
