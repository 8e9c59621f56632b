"""What follows from the law in the list of people: age bands, retirement, service that is left."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce, Least
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cadre_portal.templatetags.formats import date, number
from cadres.ages import born_by
from cadres.choices import BirthPrecision, Level, Sex
from cadres.listing import Cell, Column, Filter, enter
from cadres.policies import Actor
from compliance.citations import citations_shown
from compliance.law import load_law, retirement_date
from compliance.models import RetirementDate
from compliance.selectors.law import root_targets
from compliance.selectors.retirement import whole_months

if TYPE_CHECKING:
    from cadres.models import Cadre

ANY = ("", gettext_lazy("Tất cả"))
MOST_MONTHS = 360
#: Ages at retirement lie between these, in completed years, in every year that the law knows.
_YOUNGEST, _OLDEST = 50, 70

# ---- Retirement ------------------------------------------------------------------------------

_date_of = cache(retirement_date)


def retirement_dates(cadre: Cadre) -> tuple[dt.date, ...]:
    """The last day of work; two days when the sex is unknown, none without a birth date."""
    if cadre.retires_on:
        return (cadre.retires_on,)
    if cadre.birth_date is None:
        return ()
    born = cadre.birth_date
    sexes = [cadre.sex] if cadre.sex else Sex.values
    return tuple(sorted({_date_of(sex, born.year, born.month) for sex in sexes}))


def _born_before(sex: str, day: dt.date) -> dt.date:
    """First birth date of those who retire on `day` or later: who is younger retires later."""
    first, last = (day.year - _OLDEST) * 12, (day.year - _YOUNGEST) * 12
    while first < last:
        middle = (first + last) // 2
        if _date_of(sex, middle // 12, middle % 12 + 1) < day:
            first = middle + 1
        else:
            last = middle
    return dt.date(first // 12, first % 12 + 1, 1)


def retires_from(day: dt.date) -> Q:
    """Condition "retires on `day` or later"; of an unknown sex the earlier date counts."""
    male, female = _born_before(Sex.MALE, day), _born_before(Sex.FEMALE, day)
    derived = (
        Q(sex=Sex.MALE, birth_date__gte=male)
        | Q(sex=Sex.FEMALE, birth_date__gte=female)
        | Q(sex="", birth_date__gte=max(male, female))
    )
    return Q(retires_on__gte=day) | Q(derived, retires_on=None)


def _has_date() -> Q:
    return Q(retires_on__isnull=False) | Q(birth_date__isnull=False)


def months_after(day: dt.date, months: int) -> dt.date:
    """First day on which `months` whole months have passed since `day`."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return dt.date(year, month + 1, day.day)
    except ValueError:  # 31 January and one month: only on 1 March
        return dt.date(year + (month == 11), (month + 1) % 12 + 1, 1)


def _retiring(_actor: Actor, as_of: dt.date, months: Any) -> Q:
    """From the day on until `months` months later, that day included."""
    until = months_after(as_of, int(months)) + dt.timedelta(days=1)
    return retires_from(as_of) & _has_date() & ~retires_from(until)


def _staying(_actor: Actor, as_of: dt.date, months: Any) -> Q:
    return retires_from(months_after(as_of, int(months)))


def _months_field(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=MOST_MONTHS, required=False)


def _retirement_cell(cadre: Cadre, _as_of: dt.date) -> Cell:
    dates = retirement_dates(cadre)
    if not dates:
        return Cell()
    if len(dates) > 1:
        both = _(" hoặc ").join(date(day, "month") for day in dates)
        return Cell(text=both, title=_("Chưa rõ giới tính nên có hai ngày"))
    return Cell(
        text=date(dates[0], "month"),
        value=dates[0],
        title=_("%(day)s, theo quyết định của cấp có thẩm quyền") % {"day": date(dates[0])}
        if cadre.retires_on
        else date(dates[0]),
        is_partial=not cadre.retires_on and cadre.birth_precision == BirthPrecision.YEAR,
    )


def _months_cell(cadre: Cadre, as_of: dt.date) -> Cell:
    dates = retirement_dates(cadre)
    if not dates:
        return Cell()
    months = whole_months(as_of, dates[0])
    return Cell(
        text=number(months),
        value=months,
        title=_("Đã qua ngày nghỉ hưu") if dates[0] < as_of else "",
        is_partial=not cadre.retires_on and cadre.birth_precision == BirthPrecision.YEAR,
    )


def _by_retirement() -> Coalesce:
    kept = RetirementDate.objects.filter(born=OuterRef("birth_date"))
    by_sex = Case(
        When(sex=Sex.MALE, then=Subquery(kept.values("male"))),
        When(sex=Sex.FEMALE, then=Subquery(kept.values("female"))),
        default=Subquery(kept.annotate(first=Least("male", "female")).values("first")),
    )
    return Coalesce(F("retires_on"), by_sex)


# ---- Age bands -------------------------------------------------------------------------------

YOUNG, MIDDLE, SENIOR = "tre", "giua", "cao"
#: The bands of the list where no document names any: a way to look, never a measure.
_ORDINARY = {"planning.age_bands.young_below": 40, "planning.age_bands.middle_to": 50}


class AgeBands(NamedTuple):
    """Age from which one is no longer young, the last age of the middle band, and who says so."""

    young: int
    middle: int
    source: str


def age_bands(as_of: dt.date) -> AgeBands:
    """The bands at the level of a province on the day: of the law; where it is silent, of the
    province's target; else what is usual."""
    law = load_law()
    values = [law.in_force(name, Level.PROVINCE, as_of) for name in _ORDINARY]
    if values[0] and values[1]:
        cited = citations_shown(each.as_dict() for each in values[0].citations)
        return AgeBands(values[0].value, values[1].value, cited[0].text)
    targets = {target.parameter: target for target in root_targets(_ORDINARY, as_of)}
    if set(targets) == set(_ORDINARY):
        young, middle = (targets[name] for name in _ORDINARY)
        return AgeBands(young.value, middle.value, young.document)
    usual_young, usual_middle = _ORDINARY.values()
    return AgeBands(usual_young, usual_middle, "")


def _band_source(actor: Actor, as_of: dt.date) -> str:
    source = _bands_for(actor, as_of).source
    return (
        _("Theo %(source)s.") % {"source": source}
        if source
        else _("Chưa có văn bản nêu nhóm tuổi: chia như thường dùng, chỉ để xem.")
    )


def _bands_for(actor: Actor, as_of: dt.date) -> AgeBands:
    """As age_bands, asked once for an account and a request: it lasts as long as the account."""
    known: dict[dt.date, AgeBands] = vars(actor).setdefault("_age_bands", {})
    if as_of not in known:
        known[as_of] = age_bands(as_of)
    return known[as_of]


def _band_words(band: str, bands: AgeBands) -> str:
    young, middle, _source = bands
    return {
        YOUNG: _("dưới %(age)d") % {"age": young},
        MIDDLE: _("từ %(young)d đến %(middle)d") % {"young": young, "middle": middle},
        SENIOR: _("trên %(age)d") % {"age": middle},
    }[band]


def _band_field(actor: Actor, as_of: dt.date) -> forms.Field:
    """Choices and the source are read only where the filter is shown or used."""

    def choices() -> list[tuple[str, Any]]:
        bands = _bands_for(actor, as_of)
        words = ((band, _band_words(band, bands)) for band in (YOUNG, MIDDLE, SENIOR))
        return [ANY, *((band, text.capitalize()) for band, text in words)]

    return forms.ChoiceField(
        label=_("Nhóm tuổi"),
        choices=choices,
        required=False,
        help_text=lazy(_band_source, str)(actor, as_of),
    )


def _in_band(actor: Actor, as_of: dt.date, band: Any) -> Q:
    young, middle, _source = _bands_for(actor, as_of)
    if band == YOUNG:
        return Q(birth_date__gt=born_by(as_of, young))
    older = Q(birth_date__lte=born_by(as_of, middle + 1))
    if band == SENIOR:
        return older
    return Q(birth_date__lte=born_by(as_of, young)) & ~older


# ---- Entering --------------------------------------------------------------------------------

RETIREMENT = Column(
    key="nghi_huu",
    label=gettext_lazy("Nghỉ hưu"),
    cell=_retirement_cell,
    order=_by_retirement,
    is_number=True,
    width=12,
)
MONTHS_LEFT = Column(
    key="con_thang",
    label=gettext_lazy("Còn (tháng)"),
    hint=gettext_lazy("Số tháng tròn đến ngày nghỉ hưu"),
    cell=_months_cell,
    is_number=True,
    width=12,
)
AGE_BAND = Filter(
    name="nhom_tuoi",
    field=_band_field,
    condition=_in_band,
    chip=lambda band, as_of: (_("Tuổi"), _band_words(band, age_bands(as_of))),
)
RETIRING = Filter(
    name="nghi_huu",
    field=lambda _actor, _as_of: _months_field(_("Nghỉ hưu trong (tháng)")),
    condition=_retiring,
    chip=lambda months, _as_of: (_("Nghỉ hưu"), _("trong %(n)s tháng") % {"n": months}),
)
STAYING = Filter(
    name="con_thang",
    field=lambda _actor, _as_of: _months_field(_("Còn công tác từ (tháng)")),
    condition=_staying,
    chip=lambda months, _as_of: (_("Còn công tác"), _("từ %(n)s tháng") % {"n": months}),
)

enter(columns=(RETIREMENT, MONTHS_LEFT), filters=(AGE_BAND, RETIRING, STAYING))
