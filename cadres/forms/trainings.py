"""Forms of courses and skills."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.utils.translation import gettext_lazy as _

from cadre_portal.common.days import DayInput
from cadres.choices import SKILL_LEVELS, CourseState, SkillKind, Theory, TrainingKind
from cadres.models import Course, Unit
from cadres.selectors.trainings import CourseFilter, Members
from cadres.services.trainings import MemberEntry

ANY = ("", _("Tất cả"))
NONE = ("", _("Không"))
_INDENT = "\u2003"


def _day(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=DayInput(),
    )


class CourseFilterForm(forms.Form):
    """Narrow the list of courses; the names of the fields are those of the address."""

    q = forms.CharField(label=_("Tên khóa học"), max_length=100, required=False)
    nam = forms.TypedChoiceField(label=_("Năm"), coerce=int, required=False, empty_value=None)
    loai = forms.ChoiceField(label=_("Loại"), choices=[ANY, *TrainingKind.choices], required=False)
    trang_thai = forms.ChoiceField(
        label=_("Trạng thái"), choices=[ANY, *CourseState.choices], required=False
    )

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nam"].choices = [ANY, *((y, y) for y in years)]  # type: ignore[attr-defined]

    def chosen(self) -> list[tuple[str, str]]:
        """Label and words of what is asked. After `filters`."""
        said = []
        for name, value in self.cleaned_data.items():
            if value:
                words = dict(getattr(self.fields[name], "choices", ())).get(value, value)
                said.append((str(self.fields[name].label), str(words)))
        return said

    def filters(self) -> CourseFilter:
        """What is asked; a field in error asks nothing."""
        self.is_valid()
        data = self.cleaned_data
        return CourseFilter(
            text=data.get("q", ""),
            year=data.get("nam"),
            kind=data.get("loai", ""),
            state=data.get("trang_thai", ""),
        )


def skill_choices() -> list[tuple[str, Any]]:
    """Skills with their levels as one list: `language`, `language:3`."""
    found: list[tuple[str, Any]] = []
    for kind in SkillKind:
        found.append((kind.value, kind.label))
        for level, words in SKILL_LEVELS[kind].items():
            found.append((f"{kind.value}:{level}", f"{_INDENT}{kind.label}, {words}"))
    return found


def skill_of(choice: str) -> tuple[str, int | None]:
    """`language:3` -> ("language", 3)."""
    kind, _colon, level = choice.partition(":")
    return kind, int(level) if level else None


class CourseForm(forms.Form):
    """A course; units are given, so that only one's own can be chosen."""

    unit = forms.ChoiceField(label=_("Đơn vị lập"))
    name = forms.CharField(label=_("Tên khóa học"), max_length=200)
    kind = forms.ChoiceField(label=_("Loại"), choices=TrainingKind.choices)
    organiser = forms.CharField(label=_("Cơ sở đào tạo, bồi dưỡng"), max_length=200, required=False)
    start_on = _day(_("Khai giảng"))
    end_on = _day(_("Bế giảng"))
    places = forms.IntegerField(label=_("Số chỗ"), min_value=1, max_value=100_000, required=False)
    decision_no = forms.CharField(label=_("Số quyết định, công văn"), max_length=80, required=False)
    gives_theory = forms.TypedChoiceField(
        label=_("Trình độ lý luận chính trị đạt được"),
        choices=[NONE, *((v, words) for v, words in Theory.choices if v)],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Khi kết thúc khóa học, portal đề nghị ghi trình độ này vào hồ sơ."),
    )
    gives_skill = forms.ChoiceField(label=_("Kỹ năng đạt được"), required=False)

    def __init__(self, *args: Any, units: Iterable[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {unit.code: unit for unit in units}
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            (unit.code, unit.name) for unit in self.units.values()
        ]
        self.fields["gives_skill"].choices = [NONE, *skill_choices()]  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(course: Course) -> dict[str, Any]:
        """What the form shows of a course on file."""
        level = f":{course.skill_level}" if course.skill_level else ""
        return {
            **{name: getattr(course, name) for name in ("name", "kind", "organiser", "places")},
            "unit": course.unit.code,
            "start_on": course.start_on,
            "end_on": course.end_on,
            "decision_no": course.decision_no,
            "gives_theory": course.gives_theory,
            "gives_skill": f"{course.skill}{level}",
        }

    def clean(self) -> dict[str, Any]:
        """Dates in order; theory comes from courses of theory only."""
        data = super().clean() or self.cleaned_data
        start, end = data.get("start_on"), data.get("end_on")
        if start and end and end < start:
            self.add_error("end_on", _("Bế giảng phải không sớm hơn khai giảng."))
        if data.get("gives_theory") is not None and data.get("kind") != TrainingKind.THEORY:
            text = _("Chỉ khóa lý luận chính trị mới đạt trình độ này. Chọn lại loại.")
            self.add_error("gives_theory", text)
        return data

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = dict(self.cleaned_data)
        data["unit"] = self.units[data["unit"]]
        data["skill"], data["skill_level"] = skill_of(data.pop("gives_skill"))
        return data

    def say(self, errors: Mapping[str, list[str]]) -> None:
        """Put the service's refusals beside their fields."""
        for name, texts in errors.items():
            place = {"skill_level": "gives_skill", "skill": "gives_skill"}.get(name, name)
            for text in texts:
                self.add_error(place if place in self.fields else None, text)


class AddMembersForm(forms.Form):
    """People by code, one a line or with commas between."""

    so_hieu = forms.CharField(
        label=_("Số hiệu cán bộ"),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        max_length=20_000,
        help_text=_("Mỗi người một số hiệu, cách nhau bằng dấu phẩy hoặc xuống dòng."),
    )

    def codes(self) -> list[str]:
        """The codes that were typed, once each."""
        text = self.cleaned_data["so_hieu"]
        for sign in ",;\t":
            text = text.replace(sign, "\n")
        return list(dict.fromkeys(code.strip() for code in text.split("\n") if code.strip()))


def typed_members(members: Members, data: Mapping[str, str]) -> list[MemberEntry]:
    """What the table of a course says of its people."""
    return [
        MemberEntry(
            row.pk,
            data[f"s{row.pk}"],
            data.get(f"r{row.pk}", ""),
            data.get(f"k{row.pk}", ""),
        )
        for row in members.rows
        if f"s{row.pk}" in data
    ]


def ids_in(values: Iterable[str]) -> list[int]:
    """Numbers of people that a page sent. Raises BadRequest."""
    try:
        return list(dict.fromkeys(int(value) for value in values))
    except ValueError:
        raise BadRequest(_("Biểu mẫu không đúng. Hãy tải lại trang.")) from None


class SkillForm(forms.Form):
    """A skill of a person."""

    skill = forms.ChoiceField(label=_("Kỹ năng"))
    detail = forms.CharField(
        label=_("Cụ thể"),
        max_length=80,
        required=False,
        help_text=_("Thí dụ: tiếng Anh, tiếng Tày."),
    )
    certificate = forms.CharField(label=_("Văn bằng, chứng chỉ"), max_length=120, required=False)
    issued_on = _day(_("Cấp ngày"))
    valid_to = _day(_("Có giá trị đến hết ngày"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skill"].choices = skill_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Dates in order."""
        data = super().clean() or self.cleaned_data
        start, end = data.get("issued_on"), data.get("valid_to")
        if start and end and end < start:
            self.add_error("valid_to", _("Ngày hết giá trị phải không sớm hơn ngày cấp."))
        return data

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = dict(self.cleaned_data)
        data["kind"], data["level"] = skill_of(data.pop("skill"))
        return data
