"""The embedded services of the configured portal folder."""

from django.conf import settings

from cadre_portal.embedded.layout import Layout
from cadre_portal.embedded.postgres import EmbeddedPostgres
from cadre_portal.embedded.valkey import EmbeddedValkey


def embedded_postgres() -> EmbeddedPostgres:
    """Return the PostgreSQL of this portal folder (whether it is used or not)."""
    return EmbeddedPostgres(
        Layout(settings.PORTAL_VAR),
        account_name=settings.PORTAL_POSTGRES_USER,
        max_connections=settings.PORTAL_POSTGRES_CONNECTIONS,
    )


def embedded_valkey() -> EmbeddedValkey:
    """Return the Valkey of this portal folder (whether it is used or not)."""
    return EmbeddedValkey(Layout(settings.PORTAL_VAR))
