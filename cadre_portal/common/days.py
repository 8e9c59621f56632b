"""Days as people type them, the day first, and as addresses carry them (2026-11-22)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cadre_portal.formats import DATE_INPUT_FORMATS

_FIELD = forms.DateField(input_formats=DATE_INPUT_FORMATS)


def read_day(text: str) -> dt.date:
    """The day that a text names, in any of the ways in which forms take it. Raises ValueError."""
    try:
        return _FIELD.clean(text)
    except ValidationError:
        raise ValueError(f"{text!r} names no day.") from None


class DayInput(forms.DateInput):
    """A field for a day that also shows what an address says with the day first.

    No `type="date"`: a browser in English would show the first of December as 12/01.
    """

    def format_value(self, value: Any) -> Any:
        """The value as it is shown."""
        if isinstance(value, str):
            try:
                value = read_day(value)
            except ValueError:
                return value  # as typed, with its error beside it
        return super().format_value(value)
