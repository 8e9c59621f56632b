"""Posts where fewer hold than are prescribed, less those who are decided to come."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cadres.choices import TitleKind
from cadres.periods import valid_on
from cadres.policies import Actor, below, unit_scope
from cadres.selectors.positions import positions_named, positions_on
from cadres.selectors.posts import holders_by_post
from rotation.selectors.answers import Answers

#: 65-QĐ/TW, Điều 1: no post is made for somebody who comes.
SEAT_CITED = ({"source": "qd-65-2022", "at": "Điều 1", "confidence": "read"},)


@dataclass(frozen=True, kw_only=True)
class Vacancy:
    """A leadership post that is not full. `coming`: decided; `asked`: only proposed."""

    unit_code: str
    unit: str
    title_code: str
    title: str
    prescribed: int
    held: int
    coming: int
    asked: int

    @property
    def free(self) -> int:
        """How many may still come."""
        return self.prescribed - self.held - self.coming

    @property
    def is_answered(self) -> bool:
        """Whether as many are proposed as are free."""
        return self.asked >= self.free


def vacancies_on(actor: Actor, day: dt.date, answers: Answers, path: str = "") -> list[Vacancy]:
    """Posts of the actor's units that still want somebody on the day; three queries, two if none.

    Everything is counted first and only what lacks is named: a count for each post would grow with
    the province.
    """
    where = unit_scope(actor) & below(path, "unit__path")
    coming, asked = answers.posts(is_decided=True), answers.posts(is_decided=False)
    held = holders_by_post(where, day)
    posts = positions_on(day).filter(
        where, valid_on(day, "unit__"), title__kind=TitleKind.LEADERSHIP
    )
    wanted = {
        pk: number
        for pk, *post, number in posts.values_list("pk", "unit_id", "title_id", "number")
        if number > held[tuple(post)] + coming[tuple(post)]
    }
    return [
        Vacancy(
            unit_code=row.unit.code,
            unit=row.unit.name,
            title_code=row.title.code,
            title=row.title.name,
            prescribed=wanted[row.pk],
            held=held[row.unit_id, row.title_id],
            coming=coming[row.unit_id, row.title_id],
            asked=asked[row.unit_id, row.title_id],
        )
        for row in positions_named(wanted)
    ]
