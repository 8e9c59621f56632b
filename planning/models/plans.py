"""A unit's plan for a term, its pools by title, and who is nominated into them."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cadres.models.history import tracked
from cadres.models.people import HalfOpenDates
from planning.choices import PlanStatus


@tracked()
class Term(models.Model):
    """A term of office that plans are made for."""

    code = models.CharField(_("mã"), max_length=20, unique=True)
    starts_on = models.DateField(_("từ ngày"))
    ends_on = models.DateField(_("đến ngày"))

    class Meta:
        verbose_name = _("nhiệm kỳ")
        verbose_name_plural = _("nhiệm kỳ")
        ordering = ("starts_on", "code")
        constraints = (
            models.CheckConstraint(name="term_period", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(name="term_code_given", condition=~Q(code="")),
        )

    def __str__(self) -> str:
        return self.code.replace("-", "–")


@tracked()
class Plan(models.Model):
    """A unit's plan for a term."""

    unit = models.ForeignKey(
        "cadres.Unit", verbose_name=_("đơn vị"), on_delete=models.PROTECT, related_name="plans"
    )
    term = models.ForeignKey(
        Term, verbose_name=_("nhiệm kỳ"), on_delete=models.PROTECT, related_name="plans"
    )
    status = models.CharField(
        _("trạng thái"), max_length=9, choices=PlanStatus, default=PlanStatus.DRAFT
    )
    approved_on = models.DateField(_("ngày phê duyệt"), null=True, blank=True)
    decision_no = models.CharField(_("số quyết định"), max_length=80, blank=True)
    last_reviewed_on = models.DateField(_("rà soát gần nhất"), null=True, blank=True)

    class Meta:
        verbose_name = _("kế hoạch quy hoạch")
        verbose_name_plural = _("kế hoạch quy hoạch")
        constraints = (
            models.UniqueConstraint(name="plan_once", fields=("unit", "term")),
            models.CheckConstraint(
                name="plan_status_listed", condition=Q(status__in=PlanStatus.values)
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit}, {self.term}"


class Pool(models.Model):
    """The pool of one title in a plan. Triggers make one for each position of the plan's unit."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="pools")
    position = models.ForeignKey("cadres.Position", on_delete=models.PROTECT, related_name="pools")

    class Meta:
        verbose_name = _("quy hoạch một chức danh")
        verbose_name_plural = _("quy hoạch một chức danh")
        constraints = (
            models.UniqueConstraint(name="pool_once", fields=("plan", "position")),
            # What the composite foreign key of nominations refers to.
            models.UniqueConstraint(name="pool_in_plan", fields=("id", "plan")),
        )

    def __str__(self) -> str:
        return f"{self.position.title}: {self.plan}"


@tracked()
class Nomination(models.Model):
    """A cadre in a pool from `nominated_on` until the day before `removed_on`.

    `plan` repeats the pool's plan for speed; a composite foreign key keeps it true.
    """

    plan = models.ForeignKey(
        Plan, on_delete=models.CASCADE, db_index=False, related_name="nominations"
    )
    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, related_name="nominations")
    cadre = models.ForeignKey(
        "cadres.Cadre", on_delete=models.PROTECT, db_index=False, related_name="nominations"
    )
    nominated_on = models.DateField(_("đưa vào ngày"))
    removed_on = models.DateField(_("đưa ra ngày"), null=True, blank=True)
    removal_reason = models.CharField(_("lý do đưa ra"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("người được quy hoạch")
        verbose_name_plural = _("người được quy hoạch")
        indexes = (
            models.Index(
                name="nomination_of_plan",
                fields=("plan", "cadre"),
                include=("pool", "id", "nominated_on", "removed_on"),
            ),
            models.Index(
                name="nomination_of_cadre",
                fields=("cadre", "nominated_on", "removed_on"),
                include=("plan",),
            ),
        )
        constraints = (
            models.UniqueConstraint(
                name="nomination_once", fields=("pool", "cadre", "nominated_on")
            ),
            models.CheckConstraint(
                name="nomination_period", condition=Q(removed_on__gte=F("nominated_on"))
            ),
            ExclusionConstraint(
                name="nomination_no_overlap",
                expressions=(
                    ("pool", RangeOperators.EQUAL),
                    ("cadre", RangeOperators.EQUAL),
                    (HalfOpenDates("nominated_on", "removed_on"), RangeOperators.OVERLAPS),
                ),
                violation_error_message=_("Người này đang ở trong quy hoạch chức danh đó."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.cadre}: {self.pool}"


class BallotCounts(models.Model):
    """The six counts of a secret ballot; each is at most the one before."""

    summoned = models.PositiveIntegerField(_("triệu tập"))
    present = models.PositiveIntegerField(_("có mặt"))
    issued = models.PositiveIntegerField(_("phát ra"))
    collected = models.PositiveIntegerField(_("thu về"))
    valid = models.PositiveIntegerField(_("hợp lệ"))
    agree = models.PositiveIntegerField(_("đồng ý"))

    class Meta:
        abstract = True


#: `agree <= valid <= ... <= summoned`, for the constraints of what holds the counts.
COUNTS_AGREE = Q(
    agree__lte=F("valid"),
    valid__lte=F("collected"),
    collected__lte=F("issued"),
    issued__lte=F("present"),
    present__lte=F("summoned"),
)


@tracked()
class Ballot(BallotCounts):
    """The count of one step's ballot on one cadre in one pool."""

    pool = models.ForeignKey(Pool, on_delete=models.CASCADE, db_index=False, related_name="ballots")
    cadre = models.ForeignKey("cadres.Cadre", on_delete=models.PROTECT, related_name="ballots")
    step = models.PositiveSmallIntegerField(_("bước"))
    held_on = models.DateField(_("ngày bỏ phiếu"))

    class Meta:
        verbose_name = _("phiếu")
        verbose_name_plural = _("phiếu")
        constraints = (
            models.UniqueConstraint(name="ballot_once", fields=("pool", "cadre", "step")),
            models.CheckConstraint(name="ballot_step", condition=Q(step__gte=1, step__lte=5)),
            models.CheckConstraint(name="ballot_counts_agree", condition=COUNTS_AGREE),
        )

    def __str__(self) -> str:
        return f"{self.cadre}, bước {self.step}: {self.agree}/{self.valid}"
