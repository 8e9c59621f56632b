"""Forms of a reorganisation: what it says of itself, one kind of step each, posts and people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cadre_portal.common.days import DayInput
from cadres.choices import Level, StepKind, UnitKind
from cadres.models import Reorganisation, Title
from cadres.selectors.reorganisations import UnitOption

_INDENT = "\u2003"


class ReorganisationForm(forms.ModelForm):
    """Name, day and decision of an act."""

    class Meta:
        model = Reorganisation
        fields = (
            "name",
            "effective_on",
            "decision_no",
            "decided_on",
            "carries_grants",
            "carries_plans",
        )
        widgets = {
            "effective_on": DayInput(),
            "decided_on": DayInput(),
        }
        help_texts = {
            "name": _("Ví dụ: Sắp xếp các xã thuộc huyện Bảo Lạc cũ."),
            "effective_on": _(
                "Ngày đầu tiên của tổ chức mới; đơn vị cũ kết thúc hết ngày hôm trước. "
                "Được ghi ngày trong tương lai."
            ),
            "decision_no": _("Chỉ cần có khi áp dụng."),
        }

    def clean(self) -> dict[str, Any]:
        """Nothing is decided after it took effect long ago without anybody noticing."""
        data = super().clean() or self.cleaned_data
        decided, effective = data.get("decided_on"), data.get("effective_on")
        if decided and effective and decided > effective:
            self.add_error(
                "decided_on", _("Ngày ký ở sau ngày hiệu lực. Hãy kiểm tra lại hai ngày.")
            )
        return data


UnitChoices = list[tuple[str, str]]


class _StepForm(forms.Form):
    """A step; `options` and what the act makes (`created`, names by code) are to choose from.

    `steps()` gives what is added to the draft.
    """

    kind: StepKind

    def __init__(
        self, *args: Any, options: Iterable[UnitOption], created: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.options = {option.code: option for option in options}
        units: UnitChoices = [
            *(
                (code, _("%(name)s (%(code)s, lập mới)") % {"name": name, "code": code})
                for code, name in created.items()
            ),
            *(
                (each.code, f"{_INDENT * (each.depth - 1)}{each.name} ({each.code})")
                for each in self.options.values()
            ),
        ]
        for field in self.fields.values():
            if isinstance(field, (_UnitField, _UnitsField)):
                empty = [] if isinstance(field, _UnitsField) else [("", field.empty)]
                field.choices = [*empty, *units]

    def steps(self) -> list[dict[str, Any]]:
        """Values of the steps to add."""
        raise NotImplementedError


class _UnitField(forms.ChoiceField):
    """One unit."""

    def __init__(self, *, empty: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.empty = empty or _("Chọn đơn vị…")


class _UnitsField(forms.MultipleChoiceField):
    """Several units."""

    widget = forms.SelectMultiple(attrs={"size": 8})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Giữ phím Ctrl (hoặc ⌘) để chọn nhiều đơn vị."))
        super().__init__(**kwargs)


class _NewUnitMixin(forms.Form):
    """A unit that may be made in the same go."""

    new_code = forms.CharField(label=_("Hoặc lập đơn vị mới: mã"), max_length=40, required=False)
    new_name = forms.CharField(label=_("Tên đơn vị mới"), max_length=200, required=False)
    new_kind = forms.ChoiceField(label=_("Loại"), choices=UnitKind.choices, required=False)
    new_level = forms.ChoiceField(label=_("Cấp"), choices=Level.choices, required=False)
    new_parent = _UnitField(
        label=_("Trực thuộc"), required=False, empty=_("Không trực thuộc đơn vị nào")
    )

    def new_step(self) -> dict[str, Any]:
        """The step that makes it."""
        data = self.cleaned_data
        return {
            "kind": StepKind.CREATE,
            "unit_code": data["new_code"].strip(),
            "name": data["new_name"].strip(),
            "unit_kind": data["new_kind"],
            "level": data["new_level"],
            "parent_code": data["new_parent"],
        }

    def clean_new_code(self) -> str:
        """Trimmed."""
        return str(self.cleaned_data["new_code"]).strip()

    def clean(self) -> dict[str, Any]:
        """A code needs a name."""
        data = super().clean() or self.cleaned_data
        if data.get("new_code") and not (data.get("new_name") or "").strip():
            self.add_error("new_name", _("Hãy ghi tên của đơn vị mới."))
        return data


class CreateForm(_NewUnitMixin, _StepForm):
    """Make a unit."""

    kind = StepKind.CREATE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_code"].label = _("Mã đơn vị")
        for name in ("new_code", "new_name", "new_kind", "new_level"):
            self.fields[name].required = True

    def steps(self) -> list[dict[str, Any]]:
        """Just the one."""
        return [self.new_step()]


class MergeForm(_NewUnitMixin, _StepForm):
    """Several units into one, which is there or is made for it."""

    kind = StepKind.MERGE

    sources = _UnitsField(label=_("Các đơn vị được hợp nhất, sáp nhập"))
    target = _UnitField(label=_("Nhập vào đơn vị"), required=False)

    field_order = (
        "sources",
        "target",
        "new_code",
        "new_name",
        "new_kind",
        "new_level",
        "new_parent",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        same = [("", _("Như đơn vị đầu tiên được nhập"))]
        for name in ("new_kind", "new_level"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
            field.choices = [*same, *field.choices]  # type: ignore[misc]

    def clean(self) -> dict[str, Any]:
        """Exactly one target."""
        data = super().clean()
        if bool(data.get("target")) == bool(data.get("new_code")):
            self.add_error(
                "target", _("Hãy chọn một đơn vị nhận có sẵn, hoặc ghi mã của đơn vị mới.")
            )
        return data

    def steps(self) -> list[dict[str, Any]]:
        """The new unit, if any, and the merge."""
        data = self.cleaned_data
        step = {
            "kind": StepKind.MERGE,
            "unit_code": data["target"] or data["new_code"],
            "other_codes": data["sources"],
        }
        if data["target"]:
            return [step]
        new, first = self.new_step(), self.options.get(data["sources"][0])
        if first:
            new["unit_kind"] = new["unit_kind"] or first.kind
            new["level"] = new["level"] or first.level
        return [new, step]


class SplitForm(_StepForm):
    """One unit into several, itself kept or ended."""

    kind = StepKind.SPLIT

    unit = _UnitField(label=_("Đơn vị được chia, tách"))
    targets = _UnitsField(
        label=_("Các đơn vị nhận"),
        help_text=_("Đơn vị nhận chưa có thì thêm bước “Lập đơn vị mới” trước."),
    )
    keeps_source = forms.BooleanField(
        label=_("Đơn vị bị tách vẫn hoạt động"),
        required=False,
        help_text=_("Khi đó chỉ những người được chọn mới chuyển đi."),
    )

    def steps(self) -> list[dict[str, Any]]:
        """Just the one."""
        data = self.cleaned_data
        return [
            {
                "kind": StepKind.SPLIT,
                "unit_code": data["unit"],
                "other_codes": data["targets"],
                "keeps_source": data["keeps_source"],
            }
        ]


class RenameForm(_StepForm):
    """Another name, kind or level."""

    kind = StepKind.RENAME

    unit = _UnitField(label=_("Đơn vị"))
    name = forms.CharField(label=_("Tên mới"), max_length=200, required=False)
    unit_kind = forms.ChoiceField(
        label=_("Loại"), choices=[("", _("Giữ nguyên")), *UnitKind.choices], required=False
    )
    level = forms.ChoiceField(
        label=_("Cấp"), choices=[("", _("Giữ nguyên")), *Level.choices], required=False
    )

    def steps(self) -> list[dict[str, Any]]:
        """Just the one."""
        data = self.cleaned_data
        return [
            {
                "kind": StepKind.RENAME,
                "unit_code": data["unit"],
                "name": data["name"].strip(),
                "unit_kind": data["unit_kind"],
                "level": data["level"],
            }
        ]


class MoveForm(_StepForm):
    """Under another unit, with all that is below."""

    kind = StepKind.MOVE

    unit = _UnitField(label=_("Đơn vị"))
    parent = _UnitField(
        label=_("Đơn vị cấp trên mới"), required=False, empty=_("Không trực thuộc đơn vị nào")
    )

    def steps(self) -> list[dict[str, Any]]:
        """Just the one."""
        data = self.cleaned_data
        return [{"kind": StepKind.MOVE, "unit_code": data["unit"], "parent_code": data["parent"]}]


class CloseForm(_StepForm):
    """End a unit, with or without somebody who carries on."""

    kind = StepKind.CLOSE

    unit = _UnitField(label=_("Đơn vị kết thúc hoạt động"))
    heirs = _UnitsField(
        label=_("Đơn vị kế tục (nếu có)"),
        required=False,
        help_text=_("Chọn một đơn vị: người giữ chức vụ được đề xuất chuyển về đó."),
    )

    def steps(self) -> list[dict[str, Any]]:
        """Just the one."""
        data = self.cleaned_data
        return [{"kind": StepKind.CLOSE, "unit_code": data["unit"], "other_codes": data["heirs"]}]


STEP_FORMS: dict[str, type[_StepForm]] = {
    form.kind: form for form in (MergeForm, SplitForm, CreateForm, RenameForm, MoveForm, CloseForm)
}


# ---- People and posts ------------------------------------------------------------------------


AS_PROPOSED, NOWHERE = "", "-"


def read_people(
    data: Mapping[str, str], holders: Iterable[int], codes: set[str], titles: set[int]
) -> tuple[dict[int, tuple[str, int | None] | None], list[int]]:
    """Choices by appointment out of the fields `don_vi_<id>`, `chuc_danh_<id>`.

    Also the appointments of which one half was given, or something that is not to be chosen.
    """
    choices: dict[int, tuple[str, int | None] | None] = {}
    wrong: list[int] = []
    for pk in holders:
        code, title = data.get(f"don_vi_{pk}"), data.get(f"chuc_danh_{pk}", "")
        if code is None:
            continue
        if code == AS_PROPOSED:
            choices[pk] = None
        elif code == NOWHERE:
            choices[pk] = ("", None)
        elif code in codes and title.isdigit() and int(title) in titles:
            choices[pk] = (code, int(title))
        else:
            wrong.append(pk)
    return choices, wrong


def read_posts(
    data: Mapping[str, str], known: Iterable[tuple[str, int]], titles: Mapping[int, Title]
) -> tuple[dict[tuple[str, int], int | None], list[tuple[str, int]]]:
    """Numbers by (unit code, title id) out of `so_<title id>_<code>`; "" is the proposal.

    `them_<code>` adds a title there, with its number in `so_them_<code>`.
    """
    posts: dict[tuple[str, int], int | None] = {}
    wrong: list[tuple[str, int]] = []
    codes = set()
    for code, title_id in known:
        codes.add(code)
        text = data.get(f"so_{title_id}_{code}")
        if text is not None:
            _read_number(text, (code, title_id), posts, wrong)
    for code in codes:
        title = data.get(f"them_{code}", "")
        if title.isdigit() and int(title) in titles:
            _read_number(data.get(f"so_them_{code}") or "1", (code, int(title)), posts, wrong)
    return posts, wrong


def _read_number(
    text: str,
    key: tuple[str, int],
    posts: dict[tuple[str, int], int | None],
    wrong: list[tuple[str, int]],
) -> None:
    text = text.strip()
    if not text:
        posts[key] = None
    elif text.isdigit() and int(text) < 1_000:
        posts[key] = int(text)
    else:
        wrong.append(key)
