"""The REST API of people and organisation: reading only."""

from cadres.api.views import CadreViewSet, TitleViewSet, UnitViewSet

#: Name in the address, view; entered into the router by `cadre_portal.urls`.
ROUTES = (("units", UnitViewSet), ("titles", TitleViewSet), ("cadres", CadreViewSet))

__all__ = ["ROUTES"]
