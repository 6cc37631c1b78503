"""What a web process loads before its first request, so that no user waits for it: URLs, templates, translations, tables.

Wiring, called at the start of web servers only: `load_shared` by wsgi.py, in gunicorn's master, whose workers share what it
loaded; `load_own` by settings/gunicorn.py in each worker, for libraries that must not be used before the fork.
"""

from pathlib import Path

import pyarrow as pa
from django.conf import settings
from django.template.loader import get_template
from django.urls import resolve, reverse
from django.utils import translation

from foundation.primitives.columns import clean_names, clean_numbers
from foundation.primitives.person_names import phonetic_key_table

EXAMPLE_NUMBER, EXAMPLE_NAME = "11010519491231002X", "张三"
"""The number is the example in GB 11643."""


def load_shared() -> None:
    """Import every view, read every template and both languages' catalogues, build the phonetic key table. Safe to run again."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("Today")
            resolve("/")
            reverse("today")
    folder: Path = settings.BASE_DIR / "templates"
    for template in sorted(folder.rglob("*.html")):
        get_template(str(template.relative_to(folder)))
    phonetic_key_table()


def load_own() -> None:
    """Clean one number and one name: the libraries that do it load their data on first use."""
    clean_numbers(pa.array([EXAMPLE_NUMBER]))
    clean_names(pa.array([EXAMPLE_NAME]))
