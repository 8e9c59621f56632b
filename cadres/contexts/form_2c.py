"""Form 2C/TCTW-98 as lines of words: one content for page, Word and PDF.

The items are those of REGULATIONS section 9 that the portal keeps, under their numbers; 9, 10, 24,
25 and 28 to 31 are left out on purpose.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from cadre_portal.templatetags.formats import date, number
from cadres.choices import TitleKind
from cadres.contexts.cadres import birth_text, ethnic_group
from cadres.models import Appointment, Training, Unit
from cadres.selectors.cadre_file import is_active, seniority
from cadres.selectors.form_2c import Form2C


@dataclass(frozen=True)
class Entry:
    """One blank of the form. `key` is the name of the field in a template of the office."""

    key: str
    label: str
    value: str


@dataclass(frozen=True)
class Item:
    """A numbered item with its blanks."""

    number: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, kw_only=True)
class Content:
    """Everything that is printed of one person. Rows of tables are texts in the order of heads."""

    code: str
    full_name: str
    authority: str
    upper_unit: str
    unit: str
    items: list[Item]
    trainings: list[tuple[str, ...]]
    career: list[tuple[str, ...]]
    note: str

    def fields(self) -> dict[str, Any]:
        """For templates: every blank by its key, with the lists."""
        named = {entry.key: entry.value for item in self.items for entry in item.entries}
        return asdict(self) | named


def content_of(form: Form2C, as_of: dt.date) -> Content:
    """The form of a person as of a day."""
    held = sorted((post for post in form.posts if is_active(post, as_of)), key=seniority)
    above = _above(form, held[0].unit) if held else []
    return Content(
        code=form.cadre.code,
        full_name=form.cadre.full_name,
        authority=above[0] if above else "",
        upper_unit=above[1] if len(above) > 1 else "",
        unit=above[-1] if len(above) > 2 else "",
        items=_items(form, held),
        trainings=[_course(course) for course in form.trainings],
        career=[_post(post) for post in form.posts],
        note=_note(form),
    )


def _above(form: Form2C, unit: Unit) -> list[str]:
    """Names from the top of the tree down to the unit."""
    ends = range(Unit.steplen, len(unit.path) + 1, Unit.steplen)
    return [form.names[unit.path[:end]] for end in ends]


def _items(form: Form2C, held: list[Appointment]) -> list[Item]:
    cadre, life = form.cadre, form.biography
    committees = [_named(p) for p in held if p.title.kind == TitleKind.COMMITTEE]
    offices = [_named(p) for p in held if p.title.kind != TitleKind.COMMITTEE]

    def day(name: str) -> str:
        return date(getattr(life, name), getattr(life, f"{name}_precision") or "day")

    def item(number: int, *entries: tuple[str, str, str]) -> Item:
        return Item(str(number), tuple(Entry(*entry) for entry in entries))

    shown = form.is_sensitive_shown
    return [
        item(
            1,
            ("full_name", _("Họ và tên khai sinh"), cadre.full_name.upper()),
            ("sex", _("Nam, nữ"), cadre.get_sex_display() if cadre.sex else ""),
        ),
        item(2, ("other_name", _("Các tên gọi khác"), life.other_name)),
        item(
            3,
            ("committee", _("Cấp ủy hiện tại"), "".join(committees[:1])),
            ("further_committees", _("Cấp ủy kiêm"), "; ".join(committees[1:])),
            (
                "office",
                _("Chức vụ (Đảng, đoàn thể, chính quyền, kể cả chức vụ kiêm nhiệm)"),
                "; ".join(offices),
            ),
            ("allowance", _("Phụ cấp chức vụ"), number(life.position_allowance, 2)),
        ),
        item(4, ("birth_date", _("Ngày, tháng, năm sinh"), birth_text(cadre))),
        item(5, ("birth_place", _("Nơi sinh"), life.birth_place)),
        item(
            6,
            (
                "native_place",
                _("Quê quán"),
                life.native_place or (cadre.native_unit.name if cadre.native_unit else ""),
            ),
        ),
        item(
            7,
            ("residence", _("Nơi ở hiện nay"), life.residence),
            ("phone", _("Điện thoại"), life.phone),
        ),
        item(8, ("ethnic_group", _("Dân tộc"), ethnic_group(cadre) if shown else "")),
        item(
            11,
            (
                "former_work",
                _("Nghề nghiệp bản thân trước khi được tuyển dụng"),
                life.former_work,
            ),
        ),
        item(
            12,
            ("recruited_on", _("Ngày được tuyển dụng"), day("recruited_on")),
            ("recruited_by", _("Vào cơ quan nào"), life.recruited_by),
        ),
        item(
            13,
            ("joined_agency_on", _("Ngày vào cơ quan hiện nay"), day("joined_agency_on")),
            ("joined_revolution_on", _("Ngày tham gia cách mạng"), day("joined_revolution_on")),
        ),
        item(
            14,
            ("party_joined_on", _("Ngày vào Đảng"), date(cadre.party_joined_on)),
            ("party_official_on", _("Ngày chính thức"), day("party_official_on")),
        ),
        item(
            15,
            (
                "organisations",
                _("Ngày tham gia các tổ chức chính trị, xã hội"),
                life.organisations,
            ),
        ),
        item(
            16,
            ("enlisted_on", _("Ngày nhập ngũ"), day("enlisted_on")),
            ("discharged_on", _("Ngày xuất ngũ"), day("discharged_on")),
            ("military_rank", _("Quân hàm, chức vụ cao nhất"), life.military_rank),
        ),
        item(
            17,
            ("general_education", _("Giáo dục phổ thông"), life.general_education),
            (
                "degree",
                _("Học hàm, học vị cao nhất"),
                life.academic_title or _choice(cadre.get_degree_display, cadre.degree),
            ),
            ("theory", _("Lý luận chính trị"), _choice(cadre.get_theory_display, cadre.theory)),
            ("state_management", _("Quản lý nhà nước"), life.state_management),
            ("foreign_languages", _("Ngoại ngữ"), life.foreign_languages),
            ("minority_languages", _("Tiếng dân tộc thiểu số"), life.minority_languages),
            ("informatics", _("Tin học"), life.informatics),
        ),
        item(18, ("main_work", _("Công tác chính đang làm"), life.main_work)),
        item(
            19,
            ("civil_rank", _("Ngạch công chức"), life.civil_rank),
            ("civil_rank_code", _("Mã số"), life.civil_rank_code),
            ("salary_step", _("Bậc lương"), number(life.salary_step)),
            ("salary_coefficient", _("Hệ số"), number(life.salary_coefficient, 2)),
            ("salary_from", _("Từ tháng"), day("salary_from")),
        ),
        item(20, ("honours", _("Danh hiệu được phong"), life.honours)),
        item(
            21,
            ("strengths", _("Sở trường công tác"), life.strengths),
            ("longest_work", _("Công việc đã làm lâu nhất"), life.longest_work),
        ),
        item(22, ("rewards", _("Khen thưởng"), life.rewards)),
        item(23, ("disciplines", _("Kỷ luật"), _disciplines(form))),
    ]


def _choice(display: Any, value: int | None) -> str:
    return "" if value is None else str(display())


def _named(post: Appointment) -> str:
    return f"{post.title.name}, {post.unit.name}"


def _disciplines(form: Form2C) -> str:
    if form.disciplines is None:
        return ""
    told = [f"{each.get_kind_display()} ({date(each.decided_on)})" for each in form.disciplines]
    return "; ".join(told) or _("Không")


def _course(course: Training) -> tuple[str, ...]:
    certificate = course.certificate or course.result
    period = _period(course.start_on, course.end_on, open_end="")
    return (course.school, course.course, period, course.study_form, certificate)


def _post(post: Appointment) -> tuple[str, ...]:
    # `end_on` is the first day out: a post until 1 July lasted through June.
    last = post.end_on - dt.timedelta(days=1) if post.end_on else None
    return (_period(post.start_on, last, open_end=_("nay")), _named(post))


def _period(first: dt.date | None, last: dt.date | None, *, open_end: str) -> str:
    ends = [date(first, "month"), date(last, "month") if last else open_end]
    return " – ".join(end for end in ends if end)


def _note(form: Form2C) -> str:
    left = _("Các mục 9, 10, 24, 25 và 28–31 của mẫu không lưu trong cổng.")
    if form.is_sensitive_shown:
        return left
    return f"{left} {_('Mục 8 và 23 để trống vì người xuất không có quyền xem.')}"
