"""The web process's entry point (gunicorn): the application, with everything loaded that its first request would wait for."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "poverty_pension.settings.production")
application = get_wsgi_application()

from poverty_pension.warming import load_shared  # noqa: E402  it needs Django set up

load_shared()
