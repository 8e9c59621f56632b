"""People and organisation as JSON. Names and codes are those of the exchange workbook."""

from __future__ import annotations

import datetime as dt
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cadres.choices import BirthPrecision, Degree, Grade, Theory
from cadres.models import Appointment, Cadre, Discipline, Evaluation, Title, Training, Unit
from cadres.policies import WHOLE, sensitive_fields


class ScaleField(serializers.Field[Any, Any, Any, Any]):
    """A step of a scale by its exchange code; null where it is not known."""

    def __init__(self, scale: Any, **kwargs: Any) -> None:
        self.scale = scale
        kwargs.setdefault("allow_null", True)
        super().__init__(read_only=True, **kwargs)

    @staticmethod
    def code(scale: Any, value: int) -> str:
        """Grades are written in capitals, as offices do."""
        name = scale(value).name
        return str(name if scale is Grade else name.lower())

    def to_representation(self, value: int) -> str:
        """The code of a stored number."""
        return self.code(self.scale, value)


def _scale(scale: Any, **kwargs: Any) -> Any:
    codes = [ScaleField.code(scale, value) for value in scale.values]
    schema = {"type": "string", "enum": codes}
    field = extend_schema_field(schema)(type(f"{scale.__name__}Field", (ScaleField,), {}))
    return field(scale, **kwargs)


_BIRTH: dict[str, str] = {BirthPrecision.YEAR: "%Y", BirthPrecision.MONTH: "%Y-%m"}


@extend_schema_field(
    {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$", "example": "1975-10"}
)
class BirthDateField(serializers.Field[Any, Any, Any, Any]):
    """A birth date with no more than is known: "1975", "1975-10" or "1975-10-08"."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, allow_null=True, **kwargs)

    def to_representation(self, value: Cadre) -> str | None:
        """The year, the month or the day."""
        day: dt.date | None = value.birth_date
        if day is None:
            return None
        pattern = _BIRTH.get(value.birth_precision)
        return day.strftime(pattern) if pattern else day.isoformat()


class UnitSerializer(serializers.ModelSerializer[Unit]):
    """A unit; units outside the scope are named nowhere."""

    parent_code = serializers.CharField(read_only=True, allow_null=True)
    successor_codes: Any = serializers.SlugRelatedField(
        source="successors", slug_field="code", many=True, read_only=True
    )

    class Meta:
        model = Unit
        fields = (
            "code",
            "name",
            "kind",
            "level",
            "parent_code",
            "valid_from",
            "valid_to",
            "successor_codes",
        )


class TitleSerializer(serializers.ModelSerializer[Title]):
    """A title with its standard."""

    min_degree = _scale(Degree)
    min_theory = _scale(Theory)

    class Meta:
        model = Title
        fields = (
            "code",
            "name",
            "kind",
            "rank",
            "is_head",
            "min_degree",
            "min_theory",
            "non_local_required",
        )


class PostSerializer(serializers.ModelSerializer[Appointment]):
    """A title held in a unit; `end_on` is the first day out."""

    unit_code = serializers.CharField(source="unit.code", read_only=True)
    unit_name = serializers.CharField(source="unit.name", read_only=True)
    title_code = serializers.CharField(source="title.code", read_only=True)
    title_name = serializers.CharField(source="title.name", read_only=True)

    class Meta:
        model = Appointment
        fields = (
            "unit_code",
            "unit_name",
            "title_code",
            "title_name",
            "start_on",
            "end_on",
            "decision_no",
        )


class CadreSerializer(serializers.ModelSerializer[Cadre]):
    """A person in a list. Context: `posts` by the person's id.

    Sensitive fields are left out, name and all, of people about whom the account may not know them.
    """

    birth_date = BirthDateField()
    ethnicity_code = serializers.CharField(read_only=True, required=False)
    native_unit_code = serializers.CharField(
        source="native_unit.code", read_only=True, allow_null=True, default=None
    )
    degree = _scale(Degree)
    theory = _scale(Theory)
    post = serializers.SerializerMethodField()

    class Meta:
        model = Cadre
        fields: tuple[str, ...] = (
            "code",
            "full_name",
            "sex",
            "birth_date",
            "ethnicity_code",
            "native_unit_code",
            "party_joined_on",
            "degree",
            "theory",
            "retires_on",
            "post",
        )

    @extend_schema_field(PostSerializer(allow_null=True))
    def get_post(self, cadre: Cadre) -> dict[str, Any] | None:
        """The primary appointment on the day."""
        post = self.context["posts"].get(cadre.pk)
        return dict(PostSerializer(post).data) if post else None

    def to_representation(self, instance: Cadre) -> dict[str, Any]:
        """Without what the account may not see of this person."""
        data = super().to_representation(instance)
        if not getattr(instance, "is_sensitive_shown", False):
            for name in sensitive_fields(Cadre):
                data.pop(name, None)
        return data


class EvaluationSerializer(serializers.ModelSerializer[Evaluation]):
    """The grade of a year."""

    grade = _scale(Grade, allow_null=False)
    unit_code = serializers.CharField(source="unit.code", read_only=True)

    class Meta:
        model = Evaluation
        fields = ("year", "grade", "unit_code")


class TrainingSerializer(serializers.ModelSerializer[Training]):
    """A course."""

    class Meta:
        model = Training
        fields = ("course", "kind", "start_on", "end_on", "result")


class DisciplineSerializer(serializers.ModelSerializer[Discipline]):
    """A discipline, in force from `decided_on` to `effective_to`, both days inside."""

    class Meta:
        model = Discipline
        fields = ("kind", "decided_on", "effective_to")


class CadreFileSerializer(CadreSerializer):
    """One person's file. Context: `posts` and the `profile`."""

    career = serializers.SerializerMethodField()
    evaluations = serializers.SerializerMethodField()
    trainings = serializers.SerializerMethodField()
    disciplines = serializers.SerializerMethodField(required=False)

    class Meta(CadreSerializer.Meta):
        fields = (
            *CadreSerializer.Meta.fields,
            "career",
            "evaluations",
            "trainings",
            "disciplines",
        )

    @extend_schema_field(PostSerializer(many=True))
    def get_career(self, _cadre: Cadre) -> Any:
        """Every title held, the latest first."""
        return PostSerializer(self.context["profile"].career, many=True).data

    @extend_schema_field(EvaluationSerializer(many=True))
    def get_evaluations(self, _cadre: Cadre) -> Any:
        """Grades, the latest first."""
        return EvaluationSerializer(self.context["profile"].evaluations, many=True).data

    @extend_schema_field(TrainingSerializer(many=True))
    def get_trainings(self, _cadre: Cadre) -> Any:
        """Courses, the latest first."""
        return TrainingSerializer(self.context["profile"].trainings, many=True).data

    @extend_schema_field(DisciplineSerializer(many=True))
    def get_disciplines(self, _cadre: Cadre) -> Any:
        """Disciplines; the caller takes the field away where they are not for the account."""
        return DisciplineSerializer(self.context["profile"].disciplines or [], many=True).data

    def to_representation(self, instance: Cadre) -> dict[str, Any]:
        """Without the parts that are sensitive as a whole."""
        data = super().to_representation(instance)
        if self.context["profile"].disciplines is None and sensitive_fields(Discipline) == WHOLE:
            data.pop("disciplines", None)
        return data
