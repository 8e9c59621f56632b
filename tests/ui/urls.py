"""The portal's addresses with a stand-in for each page of the side column.

The shell shows only pages that exist; here all of them do, whatever the rooms have built.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import RequestContext, Template
from django.urls import include, path
from django.views.generic import RedirectView

from cadre_portal.common.viewdate import view_date
from cadre_portal.views import components


def page(request: HttpRequest, **kwargs: object) -> HttpResponse:
    """Any page: a heading in the shell."""
    return render(request, "base.html", {"day": view_date(request)})


def job(request: HttpRequest) -> HttpResponse:
    """Long work done at the second question: `/lam-lau/` the page, `/lam-lau/buoc/` the part."""
    asked = request.session.get("asked", 0) + ("buoc" in request.path)
    request.session["asked"] = asked
    values = {
        "id": "tien-do",
        "label": "Đã kiểm tra xong" if asked >= 2 else "Đang kiểm tra",
        "state": "finished" if asked >= 2 else "running",
        "done": min(asked * 50, 100),
        "total": 100,
        "url": "/lam-lau/buoc/",
        "result_url": "/ket-qua/" if asked >= 2 else "",
        "result_label": "Xem kết quả",
    }
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "components/progress.html", {"job": values})
    shown = Template(
        '{% extends "base.html" %}{% block content %}'
        '{% include "components/progress.html" %}{% endblock %}'
    ).render(RequestContext(request, {"job": values, "refresh_seconds": 1}))
    return HttpResponse(shown)


def _room(name: str, *pages: tuple[str, str]) -> object:
    return include(([path(address, page, name=label) for address, label in pages], name))


urlpatterns = [
    path("tai-khoan/", include("allauth.urls")),
    path("quan-tri/", RedirectView.as_view(url="/")),
    path("thanh-phan/", components, name="components"),
    path("ngon-ngu/", include("django.conf.urls.i18n")),
    path("lam-lau/", job),
    path("lam-lau/buoc/", job),
    path(
        "",
        _room("planning", ("", "overview"), ("quy-hoach/", "plan-list"), ("bao-cao/", "reports")),
    ),
    path(
        "",
        _room(
            "cadres",
            ("viec/", "todo-list"),
            ("thong-bao/", "notice-list"),
            ("to-chuc/", "unit-list"),
            ("danh-gia/", "evaluation-list"),
            ("dao-tao/", "training-list"),
            ("bo-sung-ly-lich/", "round-list"),
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
    path("", _room("inspections", ("kiem-tra/", "inspection-list"))),
]
handler400 = "cadre_portal.views.bad_request"
