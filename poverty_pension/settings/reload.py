"""A developer's `./run dev`: as dev, but templates and static files are read again whenever they change."""

from poverty_pension.settings.dev import *  # noqa: F403

WHITENOISE_AUTOREFRESH = True
TEMPLATES[0]["APP_DIRS"] = False
TEMPLATES[0]["OPTIONS"]["loaders"] = [  # type: ignore[index]
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
