"""Forms over the fields of a file. They only carry text: `cadres.services.cadres` judges it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from cadre_portal.common.days import DayInput
from cadres.file_fields import COUPLED, FileField, Section
from cadres.models import Cadre, Title
from cadres.selectors.editing import BETWEEN

#: What was in the form when it was opened, signed: the third version of a conflict.
BASE = "goc"
#: Prefix of the choice at a field in conflict.
PICK = "chon-"
MINE, THEIRS = "cua-toi", "cua-ho"
_BLANK = ("", _("Chưa rõ"))


# ---- What the form started from --------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Base:
    """Texts when the form was opened; `asked`: fields in conflict, with what they said before."""

    texts: Mapping[str, str]
    asked: Mapping[str, str] = field(default_factory=dict)

    def signed(self, *, cadre: Cadre | None, section: Section, pk: int | None) -> str:
        """For a hidden field; it belongs to this row only."""
        content = {"texts": dict(self.texts), "asked": dict(self.asked)}
        return signing.dumps(content, salt=_salt(cadre, section, pk), compress=True)


def base_read(token: str, *, cadre: Cadre | None, section: Section, pk: int | None) -> Base:
    """What `signed` made. Of a token that is none, nothing is known: all fields are compared."""
    try:
        content = signing.loads(token, salt=_salt(cadre, section, pk))
    except signing.BadSignature:
        return Base(texts={})
    return Base(texts=content["texts"], asked=content["asked"])


def _salt(cadre: Cadre | None, section: Section, pk: int | None) -> str:
    return f"cadre-edit:{cadre.pk if cadre else ''}:{section.slug}:{pk or ''}"


# ---- Fields that judge nothing ---------------------------------------------------------------


class _RawText(forms.CharField):
    def clean(self, value: Any) -> str:
        return value or ""


class _RawChoice(forms.ChoiceField):
    def clean(self, value: Any) -> str:
        return value or ""


def _form_field(one: FileField, titles: Iterable[Title]) -> forms.Field:
    common: dict[str, Any] = {
        "label": one.label,
        "help_text": one.help,
        "required": one.is_required,
    }
    if one.choices:
        return _RawChoice(choices=[_BLANK, *one.choices], **common)
    if one.kind == "title":
        listed = [(title.code, title.name) for title in titles]
        return _RawChoice(choices=[("", _("Chọn chức danh")), *listed], **common)
    if one.kind == "lines":
        return _RawText(widget=forms.Textarea(attrs={"rows": 3}), strip=False, **common)
    attrs: dict[str, Any] = {"autocomplete": "off"}
    if one.kind in ("unit", "home"):
        attrs["list"] = f"goi-y-{one.kind}"
    if one.kind == "number":
        attrs["inputmode"] = "decimal"
    if one.kind in ("date", "partial", "number"):
        attrs["class"] = "short"
    widget = DayInput if one.kind == "date" else forms.TextInput
    return _RawText(widget=widget(attrs=attrs), **common)


class FileForm(forms.Form):
    """Fields of one or more sections; `parts` are (prefix of names, fields)."""

    use_required_attribute = False

    def __init__(
        self,
        parts: Sequence[tuple[str, Iterable[FileField]]],
        *args: Any,
        titles: Iterable[Title] = (),
        with_code: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self._kinds: dict[str, str] = {}
        if with_code:
            self.fields["code"] = _RawText(
                label=_("Số hiệu cán bộ"),
                help_text=_("Số riêng của hồ sơ, không đổi về sau: ví dụ CB-SNV-0012."),
                max_length=40,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )
        titles = list(titles)
        for prefix, fields in parts:
            for one in fields:
                name = prefix + one.key
                self.fields[name] = _form_field(one, titles)
                self._kinds[name] = one.kind

    @property
    def typed(self) -> dict[str, str]:
        """Texts as they were typed, by name; of a chosen suggestion its code alone."""
        self.is_valid()
        return {
            name: _code_of(self._kinds.get(name, ""), self.cleaned_data.get(name, ""))
            for name in self.fields
            if self.add_prefix(name) in self.data
        }

    def refuse(self, error: ValidationError) -> None:
        """Put what a service refused beside its fields."""
        self.is_valid()
        if not hasattr(error, "error_dict"):
            self.add_error(None, error.messages)
            return
        for key, messages in error.message_dict.items():
            known = key if key in self.fields else None
            self.add_error(None if key == NON_FIELD_ERRORS else known, messages)


def _code_of(kind: str, text: str) -> str:
    return text.split(BETWEEN)[0].strip() if kind in COUPLED else text


def shown_texts(
    fields: Iterable[FileField], texts: Mapping[str, str], names: Mapping[str, str]
) -> dict[str, str]:
    """What inputs show: units with their names behind the code, as the suggestions fill in."""
    found = {}
    for one in fields:
        text = texts.get(one.key, "")
        name = names.get(f"{one.kind}:{text}") if one.kind in ("unit", "home") else None
        found[one.key] = f"{text}{BETWEEN}{name}" if name else text
    return found


class SureForm(forms.Form):
    """The word that a person of the same name and birth date is somebody else."""

    la_nguoi_khac = forms.BooleanField(label=_("Đây là một người khác, vẫn mở hồ sơ mới"))
