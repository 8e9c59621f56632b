"""PostgreSQL and Valkey that the portal starts by itself when no URL is configured.

One portal folder (`PORTAL_VAR`) owns one server of each kind. Web, worker and command
processes share them: whoever needs one first starts it, under a file lock; it goes on
running after that process ended, until `manage.py services stop`. See docs/adr/0001.
"""

from cadre_portal.embedded.errors import ServiceError

__all__ = ["ServiceError"]
