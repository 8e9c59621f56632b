"""WSGI entry point for gunicorn: `gunicorn cadre_portal.wsgi`."""

import gc
import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cadre_portal.settings.base")

# Refuse at the start, not at the first sign-in. An empty SECRET_KEY raises by itself.
if not (settings.SECRET_KEY and settings.ALLOWED_HOSTS):
    raise ImproperlyConfigured("Set SECRET_KEY and ALLOWED_HOSTS; .env.example explains them.")

application = get_wsgi_application()

# What is loaded now stays for the life of the process. Left to the collector, each of its full
# rounds would look through a quarter of a million objects, 0.1 s in the middle of somebody's page.
_ = get_resolver().url_patterns  # views, forms and all they import
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
