"""URLs of `inspections`."""

from django.urls import URLPattern, URLResolver, path

from inspections.views import attachments, inspections

app_name = "inspections"

_ONE = "kiem-tra/<int:pk>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("kiem-tra/", inspections.inspection_list, name="inspection-list"),
    path(_ONE, inspections.inspection_detail, name="inspection-detail"),
    path(f"{_ONE}buoc-sau/", inspections.inspection_advance, name="inspection-advance"),
    path(f"{_ONE}buoc-truoc/", inspections.inspection_step_back, name="inspection-step-back"),
    path("kiem-tra/tep/<int:pk>/", attachments.attachment_file, name="attachment-file"),
    path("kiem-tra/don-vi/<int:pk>/", inspections.inspected_detail, name="inspected-detail"),
]
