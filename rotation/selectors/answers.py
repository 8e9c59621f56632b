"""What answers a need: rotations that are proposed or decided and have not begun on the day."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Q

from cadres.policies import Actor
from rotation.choices import AnswerStage, RotationStatus
from rotation.models import Rotation
from rotation.selectors.rotations import rotations_visible

Post = tuple[int, int]  # ids of unit and title


@dataclass(frozen=True)
class Answer:
    """A rotation to come of somebody."""

    rotation_id: int
    cadre_id: int
    cadre_code: str
    stage: AnswerStage
    unit_name: str
    post: Post
    start_on: dt.date | None


@dataclass(frozen=True)
class Answers:
    """Rotations to come, the most advanced first, by person and by post."""

    rows: tuple[Answer, ...] = ()
    by_code: dict[str, Answer] = field(default_factory=dict)

    @property
    def cadre_ids(self) -> list[int]:
        """Who has one."""
        return [answer.cadre_id for answer in self.by_code.values()]

    def posts(self, *, is_decided: bool) -> Counter[Post]:
        """How many come to each post: decided, or only proposed."""
        return Counter(
            answer.post
            for answer in self.rows
            if (answer.stage == AnswerStage.DECIDED) == is_decided
        )


def answers_on(actor: Actor, day: dt.date) -> Answers:
    """Rotations that the actor may see and that were to come on the day; one query."""
    visible = rotations_visible(actor).filter(to_come(day))
    rows = tuple(sorted(_answers(visible, day), key=lambda row: _STAGES.index(row.stage)))
    by_code: dict[str, Answer] = {}
    for row in rows:
        by_code.setdefault(row.cadre_code, row)
    return Answers(rows, by_code)


_STAGES = (AnswerStage.DECIDED, AnswerStage.SUBMITTED, AnswerStage.PREPARED)


def to_come(day: dt.date) -> Q:
    """Rotations that were proposed or decided by the day and had not begun.

    Who declined or was cancelled since is not known to have stood open on an earlier day.
    """
    known = Q(proposed_on=None) | Q(proposed_on__lte=day)
    begun_later = Q(
        status__in=(RotationStatus.IN_PROGRESS, RotationStatus.COMPLETED), start_on__gt=day
    )
    return known & (Q(status__in=(RotationStatus.PROPOSED, RotationStatus.APPROVED)) | begun_later)


def _answers(rows: object, day: dt.date) -> Iterator[Answer]:
    for row in rows:  # type: ignore[attr-defined]
        yield Answer(
            rotation_id=row.pk,
            cadre_id=row.cadre_id,
            cadre_code=row.cadre.code,
            stage=_stage(row, day),
            unit_name=row.to_unit.name,
            post=(row.to_unit_id, row.to_title_id),
            start_on=row.start_on,
        )


def _stage(row: Rotation, day: dt.date) -> AnswerStage:
    if row.status != RotationStatus.PROPOSED:
        is_decided = row.decision_on is None or row.decision_on <= day
        return AnswerStage.DECIDED if is_decided else AnswerStage.PREPARED
    is_submitted = row.submitted_on is not None and row.submitted_on <= day
    return AnswerStage.SUBMITTED if is_submitted else AnswerStage.PREPARED
