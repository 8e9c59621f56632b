"""The forms of allauth in our words: it ships no Vietnamese, and no labels beside the fields."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LABELS = {
    "login": _("Tên đăng nhập"),
    "password": _("Mật khẩu"),
    "oldpassword": _("Mật khẩu hiện nay"),
    "password1": _("Mật khẩu mới"),
    "password2": _("Gõ lại mật khẩu mới"),
    "code": _("Mã xác thực"),
    "name": _("Tên gọi của khóa"),
    "passwordless": _("Dùng khóa này thay cho mật khẩu"),
}
HELP = {
    "code": _("6 chữ số trong ứng dụng xác thực, hoặc một mã dự phòng."),
    "name": _("Để nhận ra khi có nhiều khóa, ví dụ “Máy bàn cơ quan”."),
    "passwordless": _("Khóa phải có vân tay, khuôn mặt hoặc mã PIN."),
}


class InOurWords(forms.Form):
    """Gives each known field our label and help, and takes the placeholder away."""

    own_help: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.help_text = self.own_help.get(name, HELP.get(name, ""))
            field.widget.attrs.pop("placeholder", None)
            if name == "code":
                field.widget.attrs["inputmode"] = "numeric"

    def add_error(self, field: str | None, error: Any) -> None:
        """Say the one error that allauth writes in the form itself in our words too."""
        if field == "password2" and not isinstance(error, ValidationError):
            error = _("Hai lần gõ mật khẩu mới không giống nhau.")
        super().add_error(field, error)


class LoginForm(InOurWords, account.LoginForm):
    """Name and password."""


class ReauthenticateForm(InOurWords, account.ReauthenticateForm):
    """The password once more, before what protects the account is changed."""


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):
    """The old password and the new one twice."""

    own_help = {"password1": _("Từ 12 ký tự; một câu ngắn dễ nhớ là tốt nhất.")}


class SetPasswordForm(InOurWords, account.SetPasswordForm):
    """The first password of an account made without one."""


class AuthenticateForm(InOurWords, mfa.AuthenticateForm):
    """The code at sign-in."""


class MFAReauthenticateForm(InOurWords, mfa.ReauthenticateForm):
    """The code once more, before what protects the account is changed."""


class ActivateTOTPForm(InOurWords, totp.ActivateTOTPForm):
    """The first code, proving that the application has the secret."""

    own_help = {"code": _("6 chữ số mà ứng dụng đang hiện.")}


class AddWebAuthnForm(InOurWords, webauthn.AddWebAuthnForm):
    """A new security key or passkey."""


class EditWebAuthnForm(InOurWords, webauthn.EditWebAuthnForm):
    """Another name for a key."""
