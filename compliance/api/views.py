"""Findings through the REST API."""

from __future__ import annotations

from typing import Any

from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response

from cadre_portal.common.api.views import ReadOnlyViewSet, asked_day
from cadres.services.records import record_export
from compliance.api.filters import FindingsAsked
from compliance.api.serializers import FindingSerializer
from compliance.models import ComplianceState


class FindingViewSet(mixins.ListModelMixin, ReadOnlyViewSet):
    """Kết quả kiểm tra: hiện trạng hôm nay, hoặc của một ngày đã được kiểm tra (`as_of`)."""

    queryset = ComplianceState.objects.none()
    serializer_class = FindingSerializer
    filterset_class = FindingsAsked

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One page of findings, the worst first."""
        found = self.filter_queryset(self.get_queryset())
        page: list[Any] = self.paginate_queryset(found) or []
        as_of = asked_day(request)
        record_export(
            actor=request.user,
            what="api-findings",
            file_format="json",
            people=len({row.finding.labels.cadre_code for row in page} - {None}),
            filters=dict(request.query_params.items()),
            is_sensitive=any(row.finding.rule.sensitive for row in page),
            rows=len(page),
            as_of=as_of,
        )
        context = {**self.get_serializer_context(), "as_of": as_of}
        rows: Any = FindingSerializer(page, many=True, context=context)  # type: ignore[arg-type]
        return self.get_paginated_response(rows.data)
