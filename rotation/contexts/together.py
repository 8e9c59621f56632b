"""Several rotations on one page, for an act on all of them: each with what stands in its way."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.paginator import Page
from django.utils.translation import gettext as _

from cadre_portal.templatetags import formats
from rotation.contexts.links import rotation_url
from rotation.models import Rotation
from rotation.selectors.rotations import sides_asked
from rotation.selectors.together import unit_at

#: So many that lie on other pages are named; of the rest the number is told.
_NAMED = 20


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What is ticked, and why some of it cannot be (`reasons`, by id).

    `state`: the sign and the words of one against which nothing speaks.
    """

    chosen: Collection[int]
    reasons: Mapping[int, Sequence[str]]
    state: Callable[[Rotation], tuple[str, str]]


def together_groups(
    page: Page[Rotation],
    found: Sequence[Rotation],
    judged: Judged,
    *,
    is_sending: bool,
    as_of: dt.date,
) -> list[dict[str, Any]]:
    """Rows of the page under the units at one end; `found`: everything that its pages divide."""
    whole = Counter(unit_at(each, is_sending=is_sending) for each in found)
    return [
        {
            "key": f"{number}-{unit.code}",
            "label": unit.name,
            "rows": rows,
            "elsewhere": whole[unit] - len(rows),
        }
        for number, (unit, each) in enumerate(
            groupby(page.object_list, lambda each: unit_at(each, is_sending=is_sending))
        )
        if (rows := [_row(rotation, judged, as_of) for rotation in each])
    ]


def _row(rotation: Rotation, judged: Judged, as_of: dt.date) -> dict[str, Any]:
    sign, words = judged.state(rotation)
    return {
        "pk": rotation.pk,
        "name": rotation.cadre.full_name,
        "url": rotation_url(rotation.pk, as_of),
        "kind": str(rotation.get_kind_display()),
        "from_title": rotation.from_title.name,
        "from_unit": rotation.from_unit.name,
        "to_title": rotation.to_title.name,
        "to_unit": rotation.to_unit.name,
        "start": formats.date(rotation.start_on) if rotation.start_on else _("chưa có"),
        "paper": rotation.submission_no if rotation.is_submitted else "",
        "is_chosen": rotation.pk in judged.chosen,
        "reasons": judged.reasons.get(rotation.pk, ()),
        "sign": sign,
        "words": words,
    }


def hindered_elsewhere(
    page: Page[Rotation], found: Sequence[Rotation], judged: Judged, as_of: dt.date
) -> dict[str, Any]:
    """Those that are chosen, cannot be, and are not on the page: named, as far as they are few."""
    here = {each.pk for each in page.object_list}
    rows = [each for each in found if judged.reasons.get(each.pk) and each.pk not in here]
    return {
        "rows": [_row(each, judged, as_of) for each in rows[:_NAMED]],
        "more": max(0, len(rows) - _NAMED),
    }


def sides_words(rotation: Rotation) -> tuple[str, str]:
    """Whose word is still needed, whoever may write it down; nothing is judged by it."""
    said = {opinion.side for opinion in rotation.opinions.all()}
    lacking = [str(side.label) for side in sides_asked(rotation) if side not in said]
    if lacking:
        return "", _("Chưa có: %(sides)s") % {"sides": "; ".join(lacking)}
    return "", _("Đã có ý kiến của mọi bên")
