"""URLs of `rotation`."""

from django.urls import URLPattern, URLResolver, path

from rotation.views import process

app_name = "rotation"

urlpatterns: list[URLPattern | URLResolver] = [
    path("luan-chuyen/<int:pk>/", process.rotation_detail, name="rotation-detail"),
]
