"""Errors: a code for programs, a sentence for people, and what is wrong with which parameter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import status, views
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.response import Response

#: What is said for a status unless the error says more itself.
_MESSAGES = {
    status.HTTP_400_BAD_REQUEST: gettext_lazy("Yêu cầu chưa đúng; xem “fields”."),
    status.HTTP_401_UNAUTHORIZED: gettext_lazy("Chưa đăng nhập. Đăng nhập ở trang của cổng trước."),
    status.HTTP_403_FORBIDDEN: gettext_lazy("Vai trò của tài khoản không cho phép việc này."),
    status.HTTP_404_NOT_FOUND: gettext_lazy("Không có, hoặc không thuộc phạm vi của tài khoản."),
    status.HTTP_405_METHOD_NOT_ALLOWED: gettext_lazy("Giao diện này chỉ để đọc (GET)."),
    status.HTTP_406_NOT_ACCEPTABLE: gettext_lazy("Chỉ có định dạng JSON."),
    status.HTTP_429_TOO_MANY_REQUESTS: gettext_lazy("Quá nhiều yêu cầu trong một phút."),
}


class NotChecked(NotFound):
    """There are no results for the day."""

    default_code = "not_checked"
    default_detail = gettext_lazy(
        "Ngày này chưa được kiểm tra. Yêu cầu kiểm tra ở trang “Lần kiểm tra” rồi thử lại."
    )


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an error with `code`, `message` and, of parameters, `fields`; None: not ours."""
    response = views.exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, ValidationError):
        code, message = "invalid", _MESSAGES[400]
    elif isinstance(error, NotChecked):
        code, message = error.default_code, error.default_detail
    else:
        code = (
            error.default_code if isinstance(error, APIException) else _CODES[response.status_code]
        )
        message = _MESSAGES.get(response.status_code, gettext_lazy("Không thực hiện được."))
    body: dict[str, Any] = {"code": code, "message": str(message)}
    if isinstance(error, ValidationError):
        body["fields"] = _fields(error.detail)
    response.data = body
    return response


#: Errors that come from Django itself.
_CODES = {status.HTTP_403_FORBIDDEN: "permission_denied", status.HTTP_404_NOT_FOUND: "not_found"}


def _fields(detail: Any) -> dict[str, list[str]]:
    if not isinstance(detail, Mapping):
        detail = {"": detail}
    return {
        str(name): [force_str(text) for text in (texts if isinstance(texts, list) else [texts])]
        for name, texts in detail.items()
    }


def with_errors(result: dict[str, Any], **_unused: Any) -> dict[str, Any]:
    """Add to every operation of the schema how errors are answered."""
    schemas = result["components"].setdefault("schemas", {})
    schemas["Error"] = {
        "type": "object",
        "properties": {
            "code": {"type": "string", "description": _("Mã lỗi, không đổi theo ngôn ngữ.")},
            "message": {"type": "string", "description": _("Một câu: sai gì, làm gì tiếp.")},
            "fields": {
                "type": "object",
                "additionalProperties": {"type": "array", "items": {"type": "string"}},
                "description": _("Lỗi của từng tham số."),
            },
        },
        "required": ["code", "message"],
    }
    answer = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
    for path, operations in result["paths"].items():
        codes = ["400", "401", "429"]
        # Of results of a day that was not checked as well.
        if "{" in path or path.endswith("/findings/"):
            codes.append("404")
        for operation in operations.values():
            for code in codes:
                words = {"description": str(_MESSAGES[int(code)]), **answer}
                operation["responses"].setdefault(code, words)
    return result
