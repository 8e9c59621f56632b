"""Files of people that may take long: the same function answers at once and for a worker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.http.response import HttpResponseBase

from cadres.contexts import cadre_list as contexts
from cadres.contexts.cadre_list import CHOSEN
from cadres.contexts.people_asked import Asked
from cadres.export_makers import Tell
from cadres.exports.form_2c import forms_response
from cadres.exports.people import people_response
from cadres.models import User
from cadres.selectors.form_2c import forms_2c

#: Names of the makers.
PEOPLE, FORMS_2C = "cadre-list", "cadre-documents"


def people_file(
    actor: User, asked: Mapping[str, Any], tell: Tell | None = None
) -> HttpResponseBase:
    """The list of people. `asked`: query, day, columns, format, reason."""
    found = Asked(actor, QueryDict(asked["query"]), dt.date.fromisoformat(asked["day"]))
    people = found.chosen()
    columns = [c for c in found.columns(asked["columns"]) if c.key in asked["columns"]]
    return people_response(
        actor=actor,
        people=people,
        columns=columns,
        as_of=found.as_of,
        file_format=asked["format"],
        asked={CHOSEN: found.codes} if found.codes else found.address.asked,
        words=[] if found.codes else contexts.words_of(found.form),
        unit=None if found.codes else found.form.unit,
        reason=asked["reason"],
    )


def forms_file(actor: User, asked: Mapping[str, Any], tell: Tell | None = None) -> HttpResponseBase:
    """Forms 2C of several people. `asked`: codes, day, format, reason."""
    return forms_response(
        actor=actor,
        forms=forms_2c(actor, asked["codes"]),
        as_of=dt.date.fromisoformat(asked["day"]),
        file_format=asked["format"],
        reason=asked["reason"],
        tell=tell,
    )
