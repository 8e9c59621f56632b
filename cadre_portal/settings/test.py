"""Settings for the tests: as local, but fast, quiet and apart from the portal's own data."""

import os
import re
from urllib.parse import urlsplit

os.environ.setdefault("DEBUG", "0")

from cadre_portal.settings.local import *  # noqa: F403
from cadre_portal.settings.local import (
    CELERY_BROKER_URL,
    DATABASES,
    EMBEDDED_POSTGRES,
    EMBEDDED_VALKEY,
    PORTAL_VAR,
    REST_FRAMEWORK,
    EmbeddedValkey,
    Layout,
    env,
)
from cadre_portal.settings.logs import logging_configuration

DEBUG = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
LOGGING = logging_configuration(level=env.text("LOG_LEVEL", "WARNING"), json=False)

# A process started by a test (a Celery worker, a command) works on the test's own database.
if _name := env.text("PORTAL_TEST_DATABASE"):
    DATABASES["default"]["NAME"] = _name
if EMBEDDED_POSTGRES:
    # The server passes over a tablespace that does not exist; see tests/support/database.py.
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
        "-c synchronous_commit=off -c temp_tablespaces=tests_memory"
    )


def _broker_database() -> int:
    """Return the numbered database for jobs: never 0, and one for each pytest process."""
    process = re.fullmatch(r"gw(\d+)", os.environ.get("PYTEST_XDIST_WORKER", ""))
    return env.number("PORTAL_TEST_BROKER_DATABASE", 2 + int(process[1]) if process else 1)


TEST_BROKER_DATABASE = _broker_database()
if EMBEDDED_VALKEY:
    CELERY_BROKER_URL = EmbeddedValkey(Layout(PORTAL_VAR)).url(TEST_BROKER_DATABASE)
elif CELERY_BROKER_URL.startswith("redis://"):
    _url = urlsplit(CELERY_BROKER_URL)._replace(path=f"/{TEST_BROKER_DATABASE}")
    CELERY_BROKER_URL = _url.geturl()
    os.environ["CELERY_BROKER_URL"] = CELERY_BROKER_URL  # Celery prefers the environment

# Tests ask often; the one about asking too often sets its own rate.
REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]["user"] = None

# Each test worker is killed or stopped by its test; none lives long enough to be recycled.
CELERY_WORKER_CONCURRENCY = 1
