"""The URLs of the whole portal: one include a room."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from cadre_portal.health import health
from cadre_portal.views import components

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz/", health, name="healthz"),
    path("tai-khoan/", include("allauth.urls")),
    path("quan-tri/", admin.site.urls),
    path("ngon-ngu/", include("django.conf.urls.i18n")),
    path("thanh-phan/", components, name="components"),
    path("", include("planning.urls")),
    path("", include("cadres.urls")),
    path("", include("compliance.urls")),
    path("", include("rotation.urls")),
    path("", include("inspections.urls")),
]

handler400 = "cadre_portal.views.bad_request"
