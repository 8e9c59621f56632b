"""WSGI entry point for gunicorn: `gunicorn cadre_portal.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cadre_portal.settings.base")

application = get_wsgi_application()
