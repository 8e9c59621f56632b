"""Facts of one person in words, as several pages write them."""

from __future__ import annotations

import datetime as dt

from cadre_portal.templatetags.formats import date
from cadres.ages import completed_years
from cadres.choices import BirthPrecision
from cadres.ethnic_groups import ETHNIC_GROUPS
from cadres.models import Cadre


def birth_text(cadre: Cadre) -> str:
    """The birth date with no more than is known of it."""
    return date(cadre.birth_date, cadre.birth_precision or BirthPrecision.DAY)


def age_text(cadre: Cadre, as_of: dt.date) -> str:
    """Completed years; a star where only month or year of birth are known."""
    age = completed_years(cadre.birth_date, as_of)
    if age is None:
        return ""
    return f"{age}" if cadre.birth_precision == BirthPrecision.DAY else f"{age}*"


def ethnic_group(cadre: Cadre) -> str:
    """The name of the ethnic group, "" when it is not known."""
    return ETHNIC_GROUPS.get(cadre.ethnicity_code, "")
