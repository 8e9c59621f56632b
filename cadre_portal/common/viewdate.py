"""The date of view ("Ngày xét"): the query parameter `ngay`, absent meaning today."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cadre_portal.common import clock
from cadre_portal.common.days import read_day

PARAMETER = "ngay"
EARLIEST = dt.date(1945, 9, 2)
LATEST = dt.date(2199, 12, 31)


class BadViewDate(BadRequest):
    """`ngay` is not a day that can be looked at; the text is meant for the person."""


def view_date(request: HttpRequest) -> dt.date:
    """The date a page is looked at. Raises BadViewDate (answered with 400) on nonsense."""
    text = request.GET.get(PARAMETER, "").strip()
    if not text:
        return clock.today()
    try:
        day = read_day(text)
    except ValueError:
        raise BadViewDate(
            _("“%(text)s” không phải là một ngày. Ngày xét ghi như 22/11/2026.")
            % {"text": text[:40]}
        ) from None
    if not EARLIEST <= day <= LATEST:
        raise BadViewDate(_("Ngày xét phải trong khoảng từ 02/09/1945 đến 31/12/2199."))
    return day


def view_date_or_today(request: HttpRequest) -> dt.date:
    """As view_date, but today on nonsense: for the shell around an error page."""
    try:
        return view_date(request)
    except BadViewDate:
        return clock.today()
