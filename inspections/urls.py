"""URLs of `inspections`."""

from django.urls import URLPattern, URLResolver, path

from inspections.views import inspections

app_name = "inspections"

urlpatterns: list[URLPattern | URLResolver] = [
    path("kiem-tra/<int:pk>/", inspections.inspection_detail, name="inspection-detail"),
    path("kiem-tra/don-vi/<int:pk>/", inspections.inspected_detail, name="inspected-detail"),
]
