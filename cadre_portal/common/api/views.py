"""Filters, the day, and the views that are only read."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

import django_filters
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter
from rest_framework import viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from cadre_portal.common import clock
from cadre_portal.common.api.paging import refuse
from cadre_portal.common.viewdate import EARLIEST, LATEST

#: A code as it stands in an address: anything that a database text can be.
CODE = r"[^/\x00]+"
AS_OF = "as_of"
AS_OF_PARAMETER = OpenApiParameter(
    AS_OF,
    dt.date,
    description=gettext_lazy("Ngày xét, như 2026-11-22; không ghi: hôm nay."),
)


class DayFilter(django_filters.DateFilter):
    """`as_of`: a day that can be looked at."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=gettext_lazy("Ngày xét, như 2026-11-22; không ghi: hôm nay."),
            input_formats=["%Y-%m-%d"],
            validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
            **kwargs,
        )


class Filters(django_filters.FilterSet):
    """Filters of a list. What they mean is in the selectors; here they get their shape."""

    @classmethod
    def offered(cls, actor: Any) -> frozenset[str]:
        """Names that this account may filter by."""
        return frozenset(cls.base_filters)

    @property
    def asked(self) -> dict[str, Any]:
        """What is asked, without what is not."""
        return {
            name: value for name, value in self.form.cleaned_data.items() if value not in (None, "")
        }

    @property
    def as_of(self) -> dt.date:
        """The day that is asked for."""
        return self.asked.get(AS_OF) or clock.today()


def asked_day(request: Request) -> dt.date:
    """`as_of` of one thing, or today. Raises ValidationError."""
    text = request.query_params.get(AS_OF)
    if text is None:
        return clock.today()
    try:
        day = dt.datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise refuse(AS_OF, _("Ghi ngày như 2026-11-22.")) from None
    if not EARLIEST <= day <= LATEST:
        raise refuse(AS_OF, _("Ngày xét phải trong khoảng từ 02/09/1945 đến 31/12/2199."))
    return day


class ReadOnlyViewSet(viewsets.GenericViewSet[Any]):
    """A list and single things, to be read. Scope is `get_queryset`, through the selectors."""

    http_method_names = ["get", "head"]
    lookup_value_regex = CODE
    #: Parameters of one thing.
    detail_parameters: ClassVar[frozenset[str]] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse unknown parameters, once it is known who asks."""
        super().initial(request, *args, **kwargs)
        known = self.detail_parameters if self.detail else self._list_parameters(request)
        unknown = {
            name: [_("Không có tham số này. Có: %s.") % (", ".join(sorted(known)) or "–")]
            for name in request.query_params
            if name not in known
        }
        if unknown:
            raise ValidationError(unknown)

    def _list_parameters(self, request: Request) -> frozenset[str]:
        filters = getattr(self, "filterset_class", None)
        return frozenset({"limit", "offset"}) | (
            filters.offered(request.user) if filters else frozenset()
        )
