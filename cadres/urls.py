"""URLs of `cadres`."""

from django.urls import URLPattern, URLResolver, path

from cadres.views import cadres, imports, search, units

app_name = "cadres"

urlpatterns: list[URLPattern | URLResolver] = [
    path("to-chuc/", units.unit_list, name="unit-list"),
    path("to-chuc/<str:code>/", units.unit_detail, name="unit-detail"),
    path("to-chuc/<str:code>/lich-su/", units.unit_history, name="unit-history"),
    path("ho-so/", cadres.cadre_list, name="cadre-list"),
    path("ho-so/<str:code>/", cadres.cadre_detail, name="cadre-detail"),
    path("ho-so/<str:code>/lich-su/", cadres.cadre_history, name="cadre-history"),
    path("nhap-du-lieu/", imports.import_page, name="import-list"),
    path("nhap-du-lieu/tep-mau/", imports.import_template, name="import-template"),
    path("nhap-du-lieu/xuat/", imports.workbook_export, name="workbook-export"),
    path("nhap-du-lieu/<int:pk>/", imports.import_detail, name="import-detail"),
    path("nhap-du-lieu/<int:pk>/tien-do/", imports.import_progress_part, name="import-progress"),
    path("nhap-du-lieu/<int:pk>/loi/", imports.import_errors, name="import-errors"),
    path("nhap-du-lieu/<int:pk>/ghi/", imports.import_apply, name="import-apply"),
    path("nhap-du-lieu/<int:pk>/lam-lai/", imports.import_retry, name="import-retry"),
    path("tim/", search.search, name="search"),
]
