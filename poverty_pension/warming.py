"""What a web process loads before its first request, so that nobody waits for it: addresses, templates, words, tables.

Wiring, called at the start of web servers only: `load_shared` by wsgi.py, in gunicorn's master, whose workers share what it
loaded; `load_own` by settings/gunicorn.py in each worker, for libraries that must not have worked before the process parts.
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
"""The number is the example of GB 11643."""


def load_shared() -> None:
    """Import every view, read every template and the words of both languages, make the table of sounds. Safe to run again."""
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
    """Clean one number and one name: the libraries that do it load their parts when first asked."""
    clean_numbers(pa.array([EXAMPLE_NUMBER]))
    clean_names(pa.array([EXAMPLE_NAME]))
