"""Units, titles and people through the REST API."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response

from cadre_portal.common.api.views import AS_OF, AS_OF_PARAMETER, ReadOnlyViewSet, asked_day
from cadres import selectors
from cadres.api.filters import CadrePeople, TitleFilters, UnitFilters
from cadres.api.serializers import (
    CadreFileSerializer,
    CadreSerializer,
    TitleSerializer,
    UnitSerializer,
)
from cadres.choices import FileDoor
from cadres.models import Cadre, Title, Unit
from cadres.policies import can_see_sensitive_of
from cadres.services.records import record_export, record_opening


class UnitViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ReadOnlyViewSet):
    """Đơn vị trong phạm vi của tài khoản, theo thứ tự của cây tổ chức."""

    queryset = Unit.objects.none()
    serializer_class = UnitSerializer
    filterset_class = UnitFilters
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Unit]:
        """Units in scope, with what the answer says of their neighbours."""
        return selectors.unit_list_with_codes(self.request.user)


class TitleViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, ReadOnlyViewSet):
    """Chức danh với tiêu chuẩn, chức danh cao trước."""

    queryset = Title.objects.none()
    serializer_class = TitleSerializer
    filterset_class = TitleFilters
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Title]:
        """All titles, for who holds a grant."""
        return selectors.title_list(self.request.user)


class CadreViewSet(mixins.ListModelMixin, ReadOnlyViewSet):
    """Hồ sơ cán bộ trong phạm vi của tài khoản. Mỗi lần lấy được ghi vào nhật ký."""

    queryset = Cadre.objects.none()
    serializer_class = CadreSerializer
    filterset_class = CadrePeople
    lookup_field = "code"
    detail_parameters: ClassVar[frozenset[str]] = frozenset({AS_OF})

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One page of people with the posts of the day."""
        people = self.filter_queryset(self.get_queryset())
        page = self.paginate_queryset(people) or []
        context = {
            **self.get_serializer_context(),
            "posts": selectors.posts_of(page, asked_day(request)),
        }
        record_export(
            actor=request.user,
            what="api-cadres",
            file_format="json",
            people=len(page),
            filters=dict(request.query_params.items()),
            is_sensitive=any(person.is_sensitive_shown for person in page),
        )
        return self.get_paginated_response(CadreSerializer(page, many=True, context=context).data)

    @extend_schema(responses=CadreFileSerializer, parameters=[AS_OF_PARAMETER])
    def retrieve(self, request: Request, code: str) -> Response:
        """Hồ sơ của một người vào ngày xét. Mỗi lần mở được ghi vào nhật ký."""
        as_of = asked_day(request)
        cadre: Any = selectors.cadre_get(request.user, code)
        profile = selectors.cadre_profile(request.user, cadre, as_of)
        record_opening(actor=request.user, cadre=cadre, door=FileDoor.API)
        cadre.is_sensitive_shown = can_see_sensitive_of(request.user, cadre)
        context = {
            **self.get_serializer_context(),
            "profile": profile,
            "posts": {cadre.pk: profile.post},
        }
        return Response(CadreFileSerializer(cadre, context=context).data)
