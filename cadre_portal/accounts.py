"""How accounts behave: made by administrators, never by visitors."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Closed portal: nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse; accounts are made in the admin."""
        return False
