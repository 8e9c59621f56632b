"""WSGI entry point for gunicorn: `gunicorn cadre_portal.wsgi`."""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cadre_portal.settings.base")

# Refuse at the start, not at the first sign-in. An empty SECRET_KEY raises by itself.
if not (settings.SECRET_KEY and settings.ALLOWED_HOSTS):
    raise ImproperlyConfigured("Set SECRET_KEY and ALLOWED_HOSTS; .env.example explains them.")

application = get_wsgi_application()
