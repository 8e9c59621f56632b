"""Pages of a list."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import pagination
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

#: Farther than this nobody pages.
FARTHEST = 1_000_000


def refuse(name: str, text: str) -> ValidationError:
    """The error "this parameter is wrong, because"."""
    return ValidationError({name: [ErrorDetail(text, code="invalid")]})


class Pages(pagination.LimitOffsetPagination):
    """`limit` and `offset`; a number out of range is refused rather than bent."""

    default_limit = 50
    max_limit = 500

    def get_limit(self, request: Request) -> int:
        """How many are asked for. Raises ValidationError."""
        return self._number(request, "limit", self.default_limit, 1, self.max_limit)

    def get_offset(self, request: Request) -> int:
        """How many are passed over. Raises ValidationError."""
        return self._number(request, "offset", 0, 0, FARTHEST)

    @staticmethod
    def _number(request: Request, name: str, default: int, low: int, high: int) -> int:
        text = request.query_params.get(name)
        if text is None:
            return default
        # Whole numbers alone: no sign, no space, no other script's digits.
        if text.isascii() and text.isdigit() and len(text) < 10 and low <= int(text) <= high:
            return int(text)
        raise refuse(
            name, _("Ghi một số nguyên từ %(low)s đến %(high)s.") % {"low": low, "high": high}
        )

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The two parameters with their bounds."""
        words = {
            "limit": (_("Số dòng mỗi lần lấy."), 1, self.max_limit, self.default_limit),
            "offset": (_("Bỏ qua bao nhiêu dòng đầu."), 0, FARTHEST, 0),
        }
        return [
            {
                "name": name,
                "required": False,
                "in": "query",
                "description": text,
                "schema": {"type": "integer", "minimum": low, "maximum": high, "default": default},
            }
            for name, (text, low, high, default) in words.items()
        ]
