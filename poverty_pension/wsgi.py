"""The web process's entry point (gunicorn)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "poverty_pension.settings.production")
application = get_wsgi_application()
