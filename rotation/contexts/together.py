"""Several rotations on one page, for an act on all of them: each with what stands in its way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from cadre_portal.templatetags import formats
from rotation.contexts.links import rotation_url
from rotation.models import Rotation


def together_rows(
    rotations: Sequence[Rotation],
    chosen: Collection[int],
    reasons: Mapping[int, Sequence[str]],
    as_of: dt.date,
) -> list[dict[str, Any]]:
    """Rows of the page; `reasons`: why not, of those that are chosen."""
    return [
        {
            "pk": each.pk,
            "name": each.cadre.full_name,
            "url": rotation_url(each.pk, as_of),
            "kind": str(each.get_kind_display()),
            "from_title": each.from_title.name,
            "from_unit": each.from_unit.name,
            "to_title": each.to_title.name,
            "to_unit": each.to_unit.name,
            "start": formats.date(each.start_on) if each.start_on else _("chưa có"),
            "paper": each.submission_no if each.is_submitted else "",
            "is_chosen": each.pk in chosen,
            "reasons": reasons.get(each.pk, ()),
        }
        for each in rotations
    ]
