"""URLs of `compliance`."""

from django.urls import URLPattern, URLResolver, path

from compliance.views import findings, law, runs

app_name = "compliance"

urlpatterns: list[URLPattern | URLResolver] = [
    path("ket-qua/", findings.finding_list, name="finding-list"),
    path("ket-qua/xuat/", findings.finding_export, name="finding-export"),
    path("lan-kiem-tra/", runs.run_list, name="run-list"),
    path("lan-kiem-tra/yeu-cau/", runs.run_start, name="run-start"),
    path("lan-kiem-tra/<int:pk>/", runs.run_detail, name="run-detail"),
    path("lan-kiem-tra/<int:pk>/tien-do/", runs.run_progress, name="run-progress"),
    path("lan-kiem-tra/<int:pk>/huy/", runs.run_cancel, name="run-cancel"),
    path("lan-kiem-tra/<int:pk>/so-sanh/", runs.run_compare, name="run-compare"),
    path("can-cu/", law.law_list, name="law-list"),
    path("can-cu/xuat/", law.law_export, name="law-export"),
]
