"""The REST API of compliance: reading only."""

from compliance.api.views import FindingViewSet

#: Name in the address, view; entered into the router by `cadre_portal.urls`.
ROUTES = (("findings", FindingViewSet),)

__all__ = ["ROUTES"]
