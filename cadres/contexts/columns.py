"""The columns of the list of people: this room's own, then those that rooms above enter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.db.models import Choices, F, Min, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from cadre_portal.templatetags.formats import date
from cadres.ages import completed_years
from cadres.choices import BirthPrecision, Degree, Grade, Sex, Theory
from cadres.ethnic_groups import ETHNIC_GROUPS
from cadres.listing import Cell, Column, entered_columns
from cadres.models import Appointment, Evaluation
from cadres.periods import active_on
from cadres.policies import Actor
from cadres.words import post_name, shortened

#: Stands in every list; the others are chosen.
NAME = "ten"
_COMMUNES = ("Xã ", "Phường ", "Thị trấn ")


def _text(value: Callable[[Any], Any]) -> Callable[[Any, dt.date], Cell]:
    return lambda cadre, _as_of: Cell(text=str(value(cadre) or ""))


def _label(name: str, choices: type[Choices]) -> Callable[[Any, dt.date], Cell]:
    """The word for a coded fact; `get_..._display` builds its list of choices at every call."""
    lazy = dict(choices.choices)

    @cache
    def cells(_language: str) -> dict[Any, Cell]:
        return {value: Cell(text=str(word)) for value, word in lazy.items()}

    nothing = Cell()
    return lambda cadre, _as_of: cells(get_language()).get(getattr(cadre, name), nothing)


def _is_partial(cadre: Any) -> bool:
    return cadre.birth_precision in (BirthPrecision.MONTH, BirthPrecision.YEAR)


def _birth(cadre: Any, _as_of: dt.date) -> Cell:
    """No more than is known; only a whole date goes into a file as a date."""
    shown = date(cadre.birth_date, cadre.birth_precision or BirthPrecision.DAY)
    return Cell(text=shown, value=None if _is_partial(cadre) else cadre.birth_date)


def _age(cadre: Any, as_of: dt.date) -> Cell:
    age = completed_years(cadre.birth_date, as_of)
    if age is None:
        return Cell()
    return Cell(text=f"{age}", value=age, is_partial=_is_partial(cadre))


def _day(name: str) -> Callable[[Any, dt.date], Cell]:
    def cell(cadre: Any, _as_of: dt.date) -> Cell:
        day = getattr(cadre, name)
        return Cell(text=date(day), value=day)

    return cell


def _ethnic_group(cadre: Any, _as_of: dt.date) -> Cell:
    known = ETHNIC_GROUPS.get(cadre.ethnicity_code, "")
    return Cell(text=known if cadre.is_sensitive_shown else "")


def _post(_actor: Actor, as_of: dt.date) -> Mapping[str, Any]:
    """The primary appointment (CONTRACT section 3) as title, unit and first day."""
    held = Appointment.objects.filter(active_on(as_of), cadre=OuterRef("pk")).order_by(
        "-title__rank", "-start_on", "title__code", "unit__code"
    )
    facts = JSONObject(title="title__name", unit="unit__name", since="start_on")
    return {"post": Subquery(held.values(facts=facts)[:1])}


def _post_part(name: str) -> Callable[[Any, dt.date], Cell]:
    return lambda cadre, _as_of: Cell(text=cadre.post[name] if cadre.post else "")


def post_words(title: str, unit: str) -> str:
    """Title and unit in one line: Phó Chủ tịch Ủy ban nhân dân xã Bảo Lâm."""
    if unit.startswith(_COMMUNES):
        title = title.replace(" cấp xã", " xã, phường")
    return post_name(title, unit)


def _post_and_unit(cadre: Any, _as_of: dt.date) -> Cell:
    if not cadre.post:
        return Cell()
    whole = post_words(cadre.post["title"], cadre.post["unit"])
    return Cell(text=shortened(whole), title=whole)


def _since(cadre: Any, _as_of: dt.date) -> Cell:
    if not cadre.post:
        return Cell()
    day = dt.date.fromisoformat(cadre.post["since"])
    return Cell(text=date(day), value=day)


def _worst_grade(_actor: Actor, as_of: dt.date) -> Mapping[str, Any]:
    given = Evaluation.objects.filter(cadre=OuterRef("pk"), year=as_of.year - 1)
    # Grouped by nothing but the person: several units may have graded one year.
    worst = given.order_by().values("cadre_id").annotate(worst=Min("grade")).values("worst")
    return {"worst_grade": Subquery(worst)}


def _grade(cadre: Any, as_of: dt.date) -> Cell:
    if cadre.worst_grade is None:
        return Cell()
    grade = Grade(cadre.worst_grade)
    words = _("%(grade)s, năm %(year)s") % {"grade": grade.label, "year": as_of.year - 1}
    return Cell(text=grade.name, title=words)


OWN = (
    Column(key=NAME, label=gettext_lazy("Họ và tên"), cell=_text(lambda c: c.full_name), width=26),
    Column(key="ma", label=gettext_lazy("Số hiệu"), cell=_text(lambda c: c.code), width=14),
    Column(
        key="sinh",
        label=gettext_lazy("Ngày sinh"),
        cell=_birth,
        is_number=True,
        is_default=True,
        width=12,
    ),
    Column(
        key="tuoi",
        label=gettext_lazy("Tuổi"),
        hint=gettext_lazy("Tuổi tròn vào ngày xét"),
        cell=_age,
        is_number=True,
        is_default=True,
        width=7,
    ),
    Column(
        key="gioi",
        label=gettext_lazy("Giới"),
        cell=_label("sex", Sex),
        is_default=True,
        width=7,
    ),
    Column(
        key="dan_toc",
        label=gettext_lazy("Dân tộc"),
        cell=_ethnic_group,
        is_sensitive=True,
        is_default=True,
        width=10,
    ),
    Column(
        key="chuc_vu",
        label=gettext_lazy("Chức vụ, đơn vị"),
        cell=_post_and_unit,
        annotations=_post,
        is_default=True,
        width=44,
    ),
    Column(
        key="chuc_danh",
        label=gettext_lazy("Chức danh"),
        cell=_post_part("title"),
        annotations=_post,
        width=28,
    ),
    Column(
        key="don_vi",
        label=gettext_lazy("Đơn vị"),
        cell=_post_part("unit"),
        annotations=_post,
        width=28,
    ),
    Column(
        key="tu_ngay",
        label=gettext_lazy("Giữ chức từ"),
        cell=_since,
        annotations=_post,
        is_number=True,
        width=12,
    ),
    Column(
        key="chuyen_mon",
        label=gettext_lazy("Chuyên môn"),
        cell=_label("degree", Degree),
        order=lambda: F("degree"),
        width=18,
    ),
    Column(
        key="llct",
        label=gettext_lazy("LLCT"),
        hint=gettext_lazy("Lý luận chính trị"),
        cell=_label("theory", Theory),
        order=lambda: F("theory"),
        is_default=True,
        width=18,
    ),
    Column(
        key="dang",
        label=gettext_lazy("Vào Đảng"),
        cell=_day("party_joined_on"),
        order=lambda: F("party_joined_on"),
        is_number=True,
        width=12,
    ),
    Column(
        key="que",
        label=gettext_lazy("Quê quán"),
        cell=_text(lambda c: c.native_name),
        annotations=lambda _actor, _as_of: {"native_name": F("native_unit__name")},
        width=24,
    ),
    Column(
        key="xep_loai",
        label=gettext_lazy("Xếp loại"),
        hint=gettext_lazy("Của năm trước ngày xét"),
        cell=_grade,
        annotations=_worst_grade,
        width=11,
    ),
)
#: Columns whose heads sort though the list itself knows the order (`cadre_list.ORDERS`).
SORTED = (NAME, "ma", "sinh")


@cache
def _all() -> Mapping[str, Column]:
    return {column.key: column for column in (*OWN, *entered_columns())}


def columns_offered(*, with_sensitive: bool) -> list[Column]:
    """Every column that the actor may choose, in the order of the list."""
    return [each for each in _all().values() if with_sensitive or not each.is_sensitive]


def columns_shown(chosen: Iterable[str] | None, *, with_sensitive: bool) -> list[Column]:
    """The chosen columns (None: the usual ones), the name first."""
    offered = columns_offered(with_sensitive=with_sensitive)
    wanted = None if chosen is None else set(chosen)
    return [
        each
        for each in offered
        if each.key == NAME or (each.is_default if wanted is None else each.key in wanted)
    ]


def further_orders() -> Mapping[str, Any]:
    """Expressions of the orders that columns bring, by key; each is made when it is looked up."""
    return {key: column.order() for key, column in _all().items() if column.order}


def annotations_of(columns: Sequence[Column], actor: Actor, as_of: dt.date) -> dict[str, Any]:
    """What has to be read with each person for these columns."""
    wanted: dict[str, Any] = {}
    for column in columns:
        wanted |= column.annotations(actor, as_of)
    return wanted
