"""URLs of `compliance`."""

from django.urls import URLPattern, URLResolver, path

from compliance.views import findings, law, runs
from compliance.views import law_entries as entries

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
    path("can-cu/chi-tieu/moi/", entries.target_add, name="target-add"),
    path("can-cu/chi-tieu/<int:pk>/", entries.target_detail, name="target-detail"),
    path("can-cu/chi-tieu/<int:pk>/thay/", entries.target_replace, name="target-replace"),
    path("can-cu/chi-tieu/<int:pk>/ket-thuc/", entries.target_end, name="target-end"),
    path("can-cu/chi-tieu/<int:pk>/xoa/", entries.target_drop, name="target-drop"),
    path("can-cu/mien-ap-dung/moi/", entries.waiver_add, name="waiver-add"),
    path("can-cu/mien-ap-dung/<int:pk>/", entries.waiver_detail, name="waiver-detail"),
    path("can-cu/mien-ap-dung/<int:pk>/phe-duyet/", entries.waiver_approve, name="waiver-approve"),
    path("can-cu/mien-ap-dung/<int:pk>/bo/", entries.waiver_drop, name="waiver-drop"),
    path("can-cu/mien-ap-dung/<int:pk>/ket-thuc/", entries.waiver_end, name="waiver-end"),
]
