"""The REST API of planning: reading only."""

from planning.api.views import NominationViewSet, PlanViewSet, TermViewSet

#: Name in the address, view; entered into the router by `cadre_portal.urls`.
ROUTES = (("terms", TermViewSet), ("plans", PlanViewSet), ("nominations", NominationViewSet))

__all__ = ["ROUTES"]
