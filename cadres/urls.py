"""URLs of `cadres`."""

from django.urls import URLPattern, URLResolver, path

from cadres.views import cadres, search, units

app_name = "cadres"

urlpatterns: list[URLPattern | URLResolver] = [
    path("to-chuc/", units.unit_list, name="unit-list"),
    path("to-chuc/<str:code>/", units.unit_detail, name="unit-detail"),
    path("to-chuc/<str:code>/lich-su/", units.unit_history, name="unit-history"),
    path("ho-so/", cadres.cadre_list, name="cadre-list"),
    path("ho-so/<str:code>/", cadres.cadre_detail, name="cadre-detail"),
    path("ho-so/<str:code>/lich-su/", cadres.cadre_history, name="cadre-history"),
    path("tim/", search.search, name="search"),
]
