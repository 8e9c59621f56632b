"""Facts of one person in words, as several pages write them."""

from __future__ import annotations

from cadre_portal.templatetags.formats import date
from cadres.choices import BirthPrecision
from cadres.ethnic_groups import ETHNIC_GROUPS
from cadres.models import Cadre


def birth_text(cadre: Cadre) -> str:
    """The birth date with no more than is known of it."""
    return date(cadre.birth_date, cadre.birth_precision or BirthPrecision.DAY)


def ethnic_group(cadre: Cadre) -> str:
    """The name of the ethnic group, "" when it is not known."""
    return ETHNIC_GROUPS.get(cadre.ethnicity_code, "")
