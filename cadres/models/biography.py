"""The items of form 2C/TCTW-98 that a file keeps beside what planning needs.

Left out on purpose: religion, family origin, health, identity papers, personal history, foreign
and family relations, economic circumstances (REGULATIONS section 9), and the photograph.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cadres.choices import BirthPrecision
from cadres.models.history import tracked
from cadres.models.people import Cadre

#: Dates of which an office may know only the month or the year: each has `<name>_precision`, and
#: keeps the earliest day that it can mean, as the birth date does.
PARTIAL_DATES = (
    "recruited_on",
    "joined_agency_on",
    "joined_revolution_on",
    "party_official_on",
    "enlisted_on",
    "discharged_on",
    "salary_from",
)


def _line(label: Any, length: int = 200) -> models.CharField:
    return models.CharField(label, max_length=length, blank=True)


def _lines(label: Any) -> models.TextField:
    return models.TextField(label, max_length=4000, blank=True)


def _day(label: Any) -> models.DateField:
    return models.DateField(label, null=True, blank=True)


def _precision() -> models.CharField:
    return models.CharField(_("mức chi tiết"), max_length=5, choices=BirthPrecision, blank=True)


def _coefficient(label: Any) -> models.DecimalField:
    return models.DecimalField(label, max_digits=4, decimal_places=2, null=True, blank=True)


@tracked()
class Biography(models.Model):
    """One person's further items of form 2C; numbers in comments are those of the form."""

    cadre = models.OneToOneField(
        Cadre,
        verbose_name=_("cán bộ"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="biography",
    )
    # 2, 5, 6 (as written: `Cadre.native_unit` can only name units of the portal), 7
    other_name = _line(_("tên gọi khác"), 120)
    birth_place = _line(_("nơi sinh"))
    native_place = _line(_("quê quán ghi đầy đủ"))
    residence = _line(_("nơi ở hiện nay"), 300)
    phone = _line(_("điện thoại"), 40)
    # 11 to 13
    former_work = _line(_("nghề nghiệp trước khi được tuyển dụng"))
    recruited_on = _day(_("ngày được tuyển dụng"))
    recruited_on_precision = _precision()
    recruited_by = _line(_("cơ quan tuyển dụng"))
    joined_agency_on = _day(_("ngày vào cơ quan hiện nay"))
    joined_agency_on_precision = _precision()
    joined_revolution_on = _day(_("ngày tham gia cách mạng"))
    joined_revolution_on_precision = _precision()
    # 14 to 16
    party_official_on = _day(_("ngày chính thức vào Đảng"))
    party_official_on_precision = _precision()
    organisations = _lines(_("tham gia các tổ chức chính trị - xã hội"))
    enlisted_on = _day(_("ngày nhập ngũ"))
    enlisted_on_precision = _precision()
    discharged_on = _day(_("ngày xuất ngũ"))
    discharged_on_precision = _precision()
    military_rank = _line(_("quân hàm, chức vụ cao nhất"), 120)
    # 17
    general_education = _line(_("giáo dục phổ thông"), 60)
    academic_title = _line(_("học hàm, học vị cao nhất"))
    state_management = _line(_("quản lý nhà nước"), 120)
    foreign_languages = _line(_("ngoại ngữ"))
    minority_languages = _line(_("tiếng dân tộc thiểu số"))
    informatics = _line(_("tin học"), 120)
    # 18, 19 and the allowance of 3
    main_work = _line(_("công tác chính đang làm"))
    civil_rank = _line(_("ngạch công chức, viên chức"), 120)
    civil_rank_code = _line(_("mã số ngạch"), 20)
    salary_step = models.PositiveSmallIntegerField(_("bậc lương"), null=True, blank=True)
    salary_coefficient = _coefficient(_("hệ số lương"))
    salary_from = _day(_("hưởng lương từ"))
    salary_from_precision = _precision()
    position_allowance = _coefficient(_("hệ số phụ cấp chức vụ"))
    # 20 to 22
    honours = _lines(_("danh hiệu được phong"))
    strengths = _line(_("sở trường công tác"), 300)
    longest_work = _line(_("công việc đã làm lâu nhất"), 300)
    rewards = _lines(_("khen thưởng"))

    class Meta:
        verbose_name = _("lý lịch chi tiết")
        verbose_name_plural = _("lý lịch chi tiết")
        constraints = (
            *(
                models.CheckConstraint(
                    name=f"biography_{name}_precision",
                    condition=Q(**{name: None, f"{name}_precision": ""})
                    | Q(
                        **{
                            f"{name}__isnull": False,
                            f"{name}_precision__in": BirthPrecision.values,
                        }
                    ),
                )
                for name in PARTIAL_DATES
            ),
            models.CheckConstraint(
                name="biography_service_period", condition=Q(discharged_on__gte=F("enlisted_on"))
            ),
            models.CheckConstraint(
                name="biography_salary_step_sane",
                condition=Q(salary_step__gte=1, salary_step__lte=20),
            ),
            models.CheckConstraint(
                name="biography_coefficients_sane",
                condition=Q(salary_coefficient__gt=0) | Q(salary_coefficient=None),
            ),
            models.CheckConstraint(
                name="biography_allowance_sane",
                condition=Q(position_allowance__gte=0) | Q(position_allowance=None),
            ),
        )

    def __str__(self) -> str:
        return str(self.cadre)
