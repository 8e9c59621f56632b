"""Makes rows for tests. Units get real treebeard paths; pools come from the database's triggers."""

import datetime as dt
from typing import Any

import factory
from factory.django import DjangoModelFactory

from cadre_portal.common import clock
from cadres.choices import (
    BirthPrecision,
    Degree,
    DisciplineKind,
    Grade,
    Level,
    Role,
    Sex,
    SkillKind,
    Theory,
    TitleKind,
    TrainingKind,
    UnitKind,
)
from cadres.models import (
    Appointment,
    Biography,
    Cadre,
    Course,
    CourseMember,
    Discipline,
    Evaluation,
    Position,
    RoleGrant,
    Title,
    TitleSkill,
    Training,
    Unit,
    User,
)
from compliance.choices import RunKind, RunStatus
from compliance.models import ComplianceRun, Target, Waiver
from planning.choices import CycleKind, DraftAct, PlanStatus
from planning.models import (
    Ballot,
    Dossier,
    DraftItem,
    Nomination,
    Plan,
    PlanningCycle,
    Pool,
    Term,
)
from rotation.choices import RotationKind, RotationStatus
from rotation.models import Rotation, RotationPlan, RotationTarget

PASSWORD = "mat-khau-thu-nghiem"

#: Invented names in every tone, so that sorting and searching have something to do.
NAMES = (
    "Nông Thị Ánh",
    "Hoàng Văn Bé",
    "Đàm Đức Cường",
    "Lý Thị Đào",
    "Bế Xuân Hùng",
    "Triệu Thị Hương",
    "Vi Văn Khải",
    "Lục Thị Oanh",
    "Hà Ngọc Quỳnh",
    "Dương Thị Ưng",
)


class UnitFactory(DjangoModelFactory):
    """A unit below `parent`, or a root."""

    class Meta:
        model = Unit

    code = factory.Sequence(lambda n: f"DV{n:05}")
    name = factory.Sequence(lambda n: f"Sở thử nghiệm {n}")
    kind = UnitKind.DEPARTMENT
    level = Level.PROVINCE

    @classmethod
    def _create(cls, model_class: type[Unit], *args: Any, **kwargs: Any) -> Unit:
        parent = kwargs.pop("parent", None)
        if parent is None:
            return model_class.objects.add_root(kwargs)
        return model_class.objects.add_child(parent, kwargs)


class TitleFactory(DjangoModelFactory):
    """A leadership title without a standard."""

    class Meta:
        model = Title

    code = factory.Sequence(lambda n: f"CD{n:04}")
    name = factory.Sequence(lambda n: f"Chức danh {n}")
    kind = TitleKind.LEADERSHIP
    rank = 50


class PositionFactory(DjangoModelFactory):
    """One prescribed post."""

    class Meta:
        model = Position

    unit = factory.SubFactory(UnitFactory)
    title = factory.SubFactory(TitleFactory)
    prescribed = 1


class CadreFactory(DjangoModelFactory):
    """A person with a whole file."""

    class Meta:
        model = Cadre

    code = factory.Sequence(lambda n: f"CB{n:06}")
    full_name = factory.Iterator(NAMES)
    sex = Sex.FEMALE
    birth_date = dt.date(1985, 5, 20)
    birth_precision = factory.LazyAttribute(
        lambda made: BirthPrecision.DAY if made.birth_date else ""
    )
    ethnicity_code = "02"
    party_joined_on = dt.date(2008, 9, 2)
    degree = Degree.BACHELOR
    theory = Theory.ADVANCED


class AppointmentFactory(DjangoModelFactory):
    """A title held since 2020 and still."""

    class Meta:
        model = Appointment

    cadre = factory.SubFactory(CadreFactory)
    unit = factory.SubFactory(UnitFactory)
    title = factory.SubFactory(TitleFactory)
    start_on = dt.date(2020, 1, 1)
    end_on = None
    decision_no = "12-QĐ/TU"


class EvaluationFactory(DjangoModelFactory):
    """A good grade for last year."""

    class Meta:
        model = Evaluation

    cadre = factory.SubFactory(CadreFactory)
    unit = factory.SubFactory(UnitFactory)
    year = factory.LazyFunction(lambda: clock.today().year - 1)
    grade = Grade.HTTNV


class DisciplineFactory(DjangoModelFactory):
    """A reprimand still in force."""

    class Meta:
        model = Discipline

    cadre = factory.SubFactory(CadreFactory)
    kind = DisciplineKind.REPRIMAND
    decided_on = dt.date(2025, 3, 1)


class BiographyFactory(DjangoModelFactory):
    """Some of the further items of form 2C; dates as offices know them."""

    class Meta:
        model = Biography

    cadre = factory.SubFactory(CadreFactory)
    birth_place = "Xã Bảo Lâm, tỉnh Cao Bằng"
    recruited_on = dt.date(2007, 9, 1)
    recruited_on_precision = BirthPrecision.MONTH
    recruited_by = "Ủy ban nhân dân huyện Bảo Lạc"
    general_education = "12/12"
    salary_coefficient = "4.40"


class TrainingFactory(DjangoModelFactory):
    """A finished course."""

    class Meta:
        model = Training

    cadre = factory.SubFactory(CadreFactory)
    course = "Cao cấp lý luận chính trị"
    kind = TrainingKind.THEORY
    start_on = dt.date(2018, 9, 1)
    end_on = dt.date(2019, 6, 30)
    result = "Khá"


class CourseFactory(DjangoModelFactory):
    """A planned course of theory."""

    class Meta:
        model = Course

    unit = factory.SubFactory(UnitFactory)
    name = factory.Sequence(lambda n: f"Cao cấp lý luận chính trị, lớp {n}")
    kind = TrainingKind.THEORY
    start_on = dt.date(2026, 9, 1)


class CourseMemberFactory(DjangoModelFactory):
    """Somebody who is invited to a course."""

    class Meta:
        model = CourseMember

    course = factory.SubFactory(CourseFactory)
    cadre = factory.SubFactory(CadreFactory)


class TitleSkillFactory(DjangoModelFactory):
    """A title asks for state management at the rank of a chief expert, since 2024."""

    class Meta:
        model = TitleSkill

    title = factory.SubFactory(TitleFactory)
    kind = SkillKind.STATE_MANAGEMENT
    level = 2
    document = "15-QĐ/TU"
    in_force_from = dt.date(2024, 1, 1)


class TermFactory(DjangoModelFactory):
    """The term 2025–2030; one row however often it is asked for."""

    class Meta:
        model = Term
        django_get_or_create = ("code",)

    code = "2025-2030"
    starts_on = dt.date(2025, 10, 1)
    ends_on = dt.date(2030, 9, 30)


class PlanFactory(DjangoModelFactory):
    """An approved plan; the database adds a pool for each position of its unit."""

    class Meta:
        model = Plan

    unit = factory.SubFactory(UnitFactory)
    term = factory.SubFactory(TermFactory)
    status = PlanStatus.APPROVED
    approved_on = dt.date(2025, 5, 1)
    decision_no = "34-QĐ/TU"


def pool_of(plan: Plan, title: Title, *, prescribed: int = 1) -> Pool:
    """The pool of `title` in `plan`; the position is made where the unit has none."""
    Position.objects.get_or_create(
        unit_id=plan.unit_id, title=title, defaults={"prescribed": prescribed}
    )
    return Pool.objects.get(plan=plan, position__title=title)


class NominationFactory(DjangoModelFactory):
    """A nomination into `pool` since May 2025; the plan is the pool's."""

    class Meta:
        model = Nomination

    pool = factory.LazyFunction(lambda: pool_of(PlanFactory(), TitleFactory()))
    plan = factory.LazyAttribute(lambda made: made.pool.plan)
    cadre = factory.SubFactory(CadreFactory)
    nominated_on = dt.date(2025, 5, 1)


class BallotFactory(DjangoModelFactory):
    """A ballot that passes."""

    class Meta:
        model = Ballot

    pool = factory.LazyFunction(lambda: pool_of(PlanFactory(), TitleFactory()))
    cadre = factory.SubFactory(CadreFactory)
    step = 1
    held_on = dt.date(2025, 4, 1)
    summoned = 20
    present = 19
    issued = 19
    collected = 19
    valid = 18
    agree = 16


class CycleFactory(DjangoModelFactory):
    """An open cycle of yearly review for all units."""

    class Meta:
        model = PlanningCycle

    name = "Rà soát, bổ sung quy hoạch năm 2026"
    term = factory.SubFactory(TermFactory)
    kind = CycleKind.REVIEW
    year = 2026
    opens_on = dt.date(2026, 1, 5)
    due_on = dt.date(2026, 12, 31)


def draft(
    dossier: Dossier, pool: Pool, cadre: Cadre, act: str = DraftAct.ADD, **values: Any
) -> DraftItem:
    """An item of a draft; who is kept or taken out is nominated already."""
    nomination = None
    if act != DraftAct.ADD:
        nomination = Nomination.objects.get(pool=pool, cadre=cadre, removed_on=None)
    return DraftItem.objects.create(
        dossier=dossier,
        plan_id=dossier.plan_id,
        pool=pool,
        cadre=cadre,
        act=act,
        nomination=nomination,
        **values,
    )


class RotationFactory(DjangoModelFactory):
    """A tour of duty in progress."""

    class Meta:
        model = Rotation

    cadre = factory.SubFactory(CadreFactory)
    kind = RotationKind.ROTATION
    from_unit = factory.SubFactory(UnitFactory)
    from_title = factory.SubFactory(TitleFactory)
    to_unit = factory.SubFactory(UnitFactory)
    to_title = factory.SubFactory(TitleFactory)
    start_on = dt.date(2025, 1, 1)
    planned_end_on = dt.date(2028, 1, 1)
    status = RotationStatus.IN_PROGRESS


class TargetFactory(DjangoModelFactory):
    """A target for the share of women."""

    class Meta:
        model = Target

    unit = factory.SubFactory(UnitFactory)
    parameter = "planning.women_share.minimum"
    level = Level.PROVINCE
    value = 25
    in_force_from = dt.date(2024, 1, 1)
    document = "12-NQ/TU"


class WaiverFactory(DjangoModelFactory):
    """A waiver that is asked for and not yet approved."""

    class Meta:
        model = Waiver

    rule = "planning.women_share"
    unit = factory.SubFactory(UnitFactory)
    reason = "Đơn vị đặc thù"
    document = "45-TB/TU"
    asked_by = factory.SubFactory("tests.factories.UserFactory")
    in_force_from = dt.date(2026, 1, 1)
    in_force_to = dt.date(2026, 12, 31)


class ComplianceRunFactory(DjangoModelFactory):
    """A finished run over everything."""

    class Meta:
        model = ComplianceRun

    kind = RunKind.LIVE
    as_of = factory.LazyFunction(clock.today)
    law_fingerprint = "0" * 64
    status = RunStatus.FINISHED


class UserFactory(DjangoModelFactory):
    """An account without any grant."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"tai-khoan-{n}")
    full_name = factory.Sequence(lambda n: f"Tài khoản thử {n}")
    password = factory.django.Password(PASSWORD)


class RoleGrantFactory(DjangoModelFactory):
    """A role for everything, without end."""

    class Meta:
        model = RoleGrant

    user = factory.SubFactory(UserFactory)
    role = Role.PROVINCIAL_OFFICER
    unit = None


class InspectorGrantFactory(RoleGrantFactory):
    """A mandate of sixty days around today; give it a unit."""

    role = Role.INSPECTOR
    unit = factory.SubFactory(UnitFactory)
    valid_from = factory.LazyFunction(lambda: clock.today() - dt.timedelta(days=30))
    valid_to = factory.LazyFunction(lambda: clock.today() + dt.timedelta(days=30))


class RotationPlanFactory(DjangoModelFactory):
    """A draft of a year's rotation plan."""

    class Meta:
        model = RotationPlan

    year = 2027
    purpose = "Đào tạo, rèn luyện cán bộ trong quy hoạch"


class RotationTargetFactory(DjangoModelFactory):
    """One to send and one to receive."""

    class Meta:
        model = RotationTarget

    plan = factory.SubFactory(RotationPlanFactory)
    unit = factory.SubFactory(UnitFactory)
    send = 1
    receive = 1
