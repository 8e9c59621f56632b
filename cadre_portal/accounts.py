"""How accounts behave: made by administrators, never by visitors; errors in our words."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

_WRONG_CODE = _("Mã chưa đúng hoặc đã hết hạn. Chờ mã mới rồi gõ lại.")
_TOO_OFTEN = _("Đã thử quá nhiều lần. Chờ vài phút rồi thử lại.")
_WAYS = {
    "reauthenticate": _("Dùng mật khẩu"),
    "mfa_reauthenticate": _("Dùng mã xác thực"),
    "mfa_reauthenticate:webauthn": _("Dùng khóa bảo mật"),
}


class AccountAdapter(DefaultAccountAdapter):
    """Closed portal: nobody signs up."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("Tài khoản này đã khóa. Liên hệ người quản trị để mở lại."),
        "enter_current_password": _("Mật khẩu hiện nay chưa đúng."),
        "incorrect_code": _WRONG_CODE,
        "incorrect_password": _("Mật khẩu chưa đúng."),
        "invalid_login": _("Tên đăng nhập hoặc mật khẩu chưa đúng."),
        "username_password_mismatch": _("Tên đăng nhập hoặc mật khẩu chưa đúng."),
        "too_many_login_attempts": _TOO_OFTEN,
        "rate_limited": _TOO_OFTEN,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse; accounts are made in the admin."""
        return False

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Other ways to prove who one is, described in our words."""
        methods = super().get_reauthentication_methods(user)
        return [
            method | {"description": _WAYS.get(method["id"], method["description"])}
            for method in methods
        ]


class MFAAdapter(DefaultMFAAdapter):
    """Two-step sign-in, with errors in our words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("Chưa tắt được xác thực hai bước của tài khoản này."),
        "cannot_generate_recovery_codes": _(
            "Bật xác thực hai bước trước, rồi mới tạo mã dự phòng."
        ),
        "incorrect_code": _WRONG_CODE,
        "rate_limited": _TOO_OFTEN,
    }
