"""Dates are typed and shown day first, in both languages."""

import datetime as dt

import pytest
from django import forms
from django.utils import translation
from django.utils.formats import date_format


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("text", ["01/02/2026", "1/2/2026", "01-02-2026", "2026-02-01"])
def test_the_day_comes_first(language: str, text: str) -> None:
    with translation.override(language):
        assert forms.DateField().clean(text) == dt.date(2026, 2, 1)
        assert date_format(dt.date(2026, 2, 1)) == "01/02/2026"
