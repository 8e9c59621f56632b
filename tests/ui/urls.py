"""The portal's addresses with a stand-in for each page of the side column.

The shell shows only pages that exist; here all of them do, whatever the rooms have built.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.views.generic import RedirectView

from cadre_portal.common.viewdate import view_date
from cadre_portal.views import components


def page(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Any page: a heading in the shell."""
    return render(request, "base.html", {"day": view_date(request)})


def _room(name: str, *pages: tuple[str, str]) -> object:
    return include(([path(address, page, name=label) for address, label in pages], name))


urlpatterns = [
    path("tai-khoan/", include("allauth.urls")),
    path("quan-tri/", RedirectView.as_view(url="/")),
    path("thanh-phan/", components, name="components"),
    path("", _room("planning", ("", "overview"), ("quy-hoach/", "plan-list"))),
    path(
        "",
        _room(
            "cadres",
            ("to-chuc/", "unit-list"),
            ("ho-so/", "cadre-list"),
            ("ho-so/<str:code>/", "cadre-detail"),
            ("nhap-du-lieu/", "import-list"),
            ("tim/", "search"),
        ),
    ),
    path(
        "",
        _room(
            "compliance",
            ("ket-qua/", "finding-list"),
            ("lan-kiem-tra/", "run-list"),
            ("can-cu/", "law-list"),
        ),
    ),
    path("", _room("rotation", ("luan-chuyen/", "rotation-list"))),
]
handler400 = "cadre_portal.views.bad_request"
