"""The URLs of the whole portal: one include a room."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.routers import DefaultRouter

from cadre_portal.health import health
from cadre_portal.views import components
from cadres.api import ROUTES as CADRES
from compliance.api import ROUTES as COMPLIANCE
from planning.api import ROUTES as PLANNING

api = DefaultRouter()
api.include_format_suffixes = False
for name, view in (*CADRES, *PLANNING, *COMPLIANCE):
    api.register(name, view, basename=name.removesuffix("s"))

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz/", health, name="healthz"),
    path("tai-khoan/", include("allauth.urls")),
    path("quan-tri/", admin.site.urls),
    path("ngon-ngu/", include("django.conf.urls.i18n")),
    path("api/v1/", include((api.urls, "api"))),
    path("api/v1/schema/", SpectacularJSONAPIView.as_view(), name="api-schema"),
    path("thanh-phan/", components, name="components"),
    path("", include("planning.urls")),
    path("", include("cadres.urls")),
    path("", include("compliance.urls")),
    path("", include("rotation.urls")),
    path("", include("inspections.urls")),
]

handler400 = "cadre_portal.views.bad_request"
