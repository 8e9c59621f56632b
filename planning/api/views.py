"""Terms, plans and nominations through the REST API."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response

from cadre_portal.common.api.views import AS_OF, AS_OF_PARAMETER, ReadOnlyViewSet, asked_day
from cadres.services.records import record_export
from planning import selectors
from planning.api.filters import NominationFilters, PlanFilters
from planning.api.serializers import (
    NominationSerializer,
    PlanFileSerializer,
    PlanSerializer,
    TermSerializer,
)
from planning.models import Nomination, Plan, Term


class TermViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ReadOnlyViewSet):
    """Nhiệm kỳ, mới nhất trước."""

    queryset = Term.objects.none()
    serializer_class = TermSerializer
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Term]:
        """All terms, for who holds a grant."""
        return selectors.term_list(self.request.user)


class PlanViewSet(mixins.ListModelMixin, ReadOnlyViewSet):
    """Kế hoạch quy hoạch của các đơn vị trong phạm vi."""

    queryset = Plan.objects.none()
    serializer_class = PlanSerializer
    filterset_class = PlanFilters
    lookup_value_regex = r"[0-9]{1,15}"
    detail_parameters: ClassVar[frozenset[str]] = frozenset({AS_OF})

    def get_queryset(self) -> QuerySet[Plan]:
        """Plans in scope, along the tree."""
        plans = selectors.plans_visible(self.request.user)
        return plans.order_by("unit__path", "-term__starts_on", "pk")

    @extend_schema(responses=PlanFileSerializer, parameters=[AS_OF_PARAMETER])
    def retrieve(self, request: Request, pk: str) -> Response:
        """Một kế hoạch với từng chức danh và người được quy hoạch vào ngày xét."""
        as_of = asked_day(request)
        plan = selectors.plan_get(request.user, int(pk))
        pools = selectors.plan_pools(request.user, plan, as_of)
        record_export(
            actor=request.user,
            what="api-plans",
            file_format="json",
            people=len({row.cadre_id for _pool, found in pools for row in found}),
            filters={"plan": plan.pk, **dict(request.query_params.items())},
            is_sensitive=False,
            unit=plan.unit,
            as_of=as_of,
        )
        context = {**self.get_serializer_context(), "pools": pools}
        return Response(PlanFileSerializer(plan, context=context).data)


class NominationViewSet(mixins.ListModelMixin, ReadOnlyViewSet):
    """Người được quy hoạch, trong các kế hoạch thuộc phạm vi. Mỗi lần lấy được ghi vào nhật ký."""

    queryset = Nomination.objects.none()
    serializer_class = NominationSerializer
    filterset_class = NominationFilters

    def get_queryset(self) -> QuerySet[Nomination]:
        """Nominations in scope."""
        return selectors.nominations_visible(self.request.user)

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One page of nominations."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        record_export(
            actor=request.user,
            what="api-nominations",
            file_format="json",
            people=len({row.cadre_id for row in page}),
            filters=dict(request.query_params.items()),
            is_sensitive=False,
        )
        return self.get_paginated_response(self.get_serializer(page, many=True).data)
