"""Who asks, and how often one may."""

from __future__ import annotations

from drf_spectacular.authentication import SessionScheme
from rest_framework import authentication, throttling
from rest_framework.request import Request


class SessionAuthentication(authentication.SessionAuthentication):
    """The session of the pages; without one the answer is 401, not 403."""

    def authenticate_header(self, request: Request) -> str:
        """What makes the answer a 401."""
        return "Session"


class SessionAuthenticationScheme(SessionScheme):
    """How the schema describes it."""

    target_class = "cadre_portal.common.api.accounts.SessionAuthentication"
    priority = 0


class AccountThrottle(throttling.UserRateThrottle):
    """So many requests of one account in a minute (API_RATE)."""
