"""Terms, plans and nominations as JSON."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from cadres.policies import can_see_sensitive
from planning.models import Nomination, Plan, Term


class TermSerializer(serializers.ModelSerializer[Term]):
    """A term of office."""

    class Meta:
        model = Term
        fields = ("code", "starts_on", "ends_on")


class PlanSerializer(serializers.ModelSerializer[Plan]):
    """A unit's plan for a term."""

    unit_code = serializers.CharField(source="unit.code", read_only=True)
    unit_name = serializers.CharField(source="unit.name", read_only=True)
    level = serializers.CharField(source="unit.level", read_only=True)
    term_code = serializers.CharField(source="term.code", read_only=True)

    class Meta:
        model = Plan
        fields: tuple[str, ...] = (
            "id",
            "unit_code",
            "unit_name",
            "level",
            "term_code",
            "status",
            "decision_no",
            "approved_on",
            "last_reviewed_on",
        )


class NomineeSerializer(serializers.ModelSerializer[Nomination]):
    """Somebody in a pool; `removed_on` is the first day out."""

    cadre_code = serializers.CharField(source="cadre.code", read_only=True)
    full_name = serializers.CharField(source="cadre.full_name", read_only=True)
    removal_reason = serializers.SerializerMethodField()

    @extend_schema_field(serializers.CharField(allow_blank=True))
    def get_removal_reason(self, nomination: Nomination) -> str:
        """Empty for roles that do not see sensitive data of the plan's unit."""
        told = can_see_sensitive(self.context["request"].user, nomination.plan.unit)
        return nomination.removal_reason if told else ""

    class Meta:
        model = Nomination
        fields: tuple[str, ...] = (
            "id",
            "cadre_code",
            "full_name",
            "nominated_on",
            "removed_on",
            "removal_reason",
        )


class PoolSerializer(serializers.Serializer[Any]):
    """A title of a plan with those nominated on the day."""

    title_code = serializers.CharField(source="pool.position.title.code")
    title_name = serializers.CharField(source="pool.position.title.name")
    prescribed = serializers.IntegerField(source="pool.position.prescribed")
    nominations = NomineeSerializer(many=True)


class PlanFileSerializer(PlanSerializer):
    """A plan with its pools. Context: `pools`."""

    pools = serializers.SerializerMethodField()

    class Meta(PlanSerializer.Meta):
        fields = (*PlanSerializer.Meta.fields, "pools")

    @extend_schema_field(PoolSerializer(many=True))
    def get_pools(self, _plan: Plan) -> Any:
        """Leadership titles first, the most senior first."""
        rows = [{"pool": pool, "nominations": found} for pool, found in self.context["pools"]]
        return PoolSerializer(rows, many=True, context=self.context).data


class NominationSerializer(NomineeSerializer):
    """A nomination with its plan."""

    plan_id = serializers.IntegerField(read_only=True)
    unit_code = serializers.CharField(source="plan.unit.code", read_only=True)
    term_code = serializers.CharField(source="plan.term.code", read_only=True)
    title_code = serializers.CharField(source="pool.position.title.code", read_only=True)

    class Meta(NomineeSerializer.Meta):
        fields = (
            *NomineeSerializer.Meta.fields,
            "plan_id",
            "unit_code",
            "term_code",
            "title_code",
        )
