"""The tests' settings: fast password hashing, tasks run in place, everything else as in dev."""

from poverty_pension.settings import env
from poverty_pension.settings.dev import *  # noqa: F403

ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True  # static files are looked for when asked for, not listed by every test client
FOLLOWS_DEMO_TIME = False  # a test sets its own time
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
DATABASES["default"]["TEST"] = {"TEMPLATE": env.text("TEST_TEMPLATE", "template1")}
