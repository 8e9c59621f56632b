"""Settings for development and the demonstration: this machine only, nothing to configure."""

import os
import secrets

from cadre_portal.settings.base import *  # noqa: F403
from cadre_portal.settings.base import PORTAL_VAR, STORAGES, env
from cadre_portal.settings.logs import logging_configuration


def _own_secret() -> str:
    """Return the secret kept in the portal folder, made at first use, readable by us alone."""
    path = PORTAL_VAR / "secret_key"
    try:
        PORTAL_VAR.mkdir(mode=0o711, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(60))
    except FileExistsError:
        pass
    except OSError:
        # An unusable folder is explained by the service that needs it; commands that need
        # none may run with a secret of their own.
        return secrets.token_urlsafe(60)
    return path.read_text(encoding="ascii")


DEBUG = env.flag("DEBUG", default=True)
SECRET_KEY = env.secret("SECRET_KEY") or _own_secret()
ALLOWED_HOSTS = env.listed("ALLOWED_HOSTS") or ["localhost", "127.0.0.1", "[::1]"]

# Plain HTTP on localhost.
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_HSTS_PRELOAD = False
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False

STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

LOGGING = logging_configuration(
    level=env.text("LOG_LEVEL", "INFO"), json=env.flag("LOG_JSON", default=False)
)
