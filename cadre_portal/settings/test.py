"""Settings for the tests: as local, but fast, quiet and without leftovers."""

import os

os.environ.setdefault("DEBUG", "0")

from cadre_portal.settings.local import *  # noqa: F403
from cadre_portal.settings.local import DATABASES, env
from cadre_portal.settings.logs import logging_configuration

DEBUG = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
WHITENOISE_AUTOREFRESH = True

# A subprocess of a test (a Celery worker, a command) works on the test's own database.
if name := env.text("PORTAL_TEST_DATABASE"):
    DATABASES["default"]["NAME"] = name

CELERY_TASK_STORE_EAGER_RESULT = False
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
LOGGING = logging_configuration(level="WARNING", json=False)
