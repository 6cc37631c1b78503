"""The interface strings: extracting them from code and templates, and compiling the Chinese catalogue with Babel.

English is the msgid in the code; Chinese is in locale/zh_Hans/LC_MESSAGES/django.po. After adding strings run

    ./run manage update_translations   # adds new msgids to the .po file with an empty msgstr, drops those no longer used
    ./run manage initialise            # compiles it into LOCALE_PATHS

A test refuses a msgid without Chinese. No msgfmt or xgettext is needed: templates are turned into gettext calls by
Django's own `templatize`, and Babel reads those like Python.
"""

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from foundation.policy.presenters import list_source_messages

CATALOGUE = Path("zh_Hans") / "LC_MESSAGES" / "django.po"
HEADER = """# Chinese of the interface. English is in the code; ./run manage update_translations adds what is new.
msgid ""
msgstr ""
"Project-Id-Version: poverty-pension\\n"
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
SOURCES = (
    "poverty_pension", "demo", "portal", "operations", "nightly", "payments", "enrollment", "coverage", "casework", "registry",
    "foundation", "templates",
)  # fmt: skip
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def read_catalogue() -> Catalog:
    """Read the Chinese catalogue of the repository."""
    with _source().open("rb") as file:
        return read_po(file, locale="zh_Hans", domain="django")


def extract_messages() -> Catalog:
    """Extract every msgid of the code, the templates and the sources of the parameters, with its file."""
    messages = Catalog(locale="zh_Hans", domain="django", project="poverty-pension")
    for file in _files():
        place = file.relative_to(settings.BASE_DIR).as_posix()
        for _line, message, comments, context in extract("python", _as_python(file), KEYWORDS, ("Translators:",)):
            messages.add(message, locations=[(place, 0)], auto_comments=comments, context=context)
    for source in list_source_messages():
        messages.add(source, locations=[("foundation/policy/parameters", 0)])
    return messages


def update_catalogue() -> list[str]:
    """Bring the catalogue in line with the code; return the msgids that still lack Chinese."""
    catalogue = read_catalogue()
    catalogue.update(extract_messages(), no_fuzzy_matching=True)
    write_catalogue(catalogue)
    return [str(each.id) for each in catalogue if each.id and not is_translated(each.string)]


def write_catalogue(catalogue: Catalog) -> None:
    """Write the catalogue back, ordered by file, without dates and line numbers: a diff shows strings only."""
    catalogue.obsolete.clear()
    body = io.BytesIO()
    write_po(body, catalogue, omit_header=True, sort_by_file=True, width=120, include_lineno=False)
    _source().write_bytes(HEADER.encode() + body.getvalue())


def compile_catalogue() -> bool:
    """Write the .mo file that Django reads, unless it was compiled from this .po file; return whether it was written.

    It is written to a temporary file and renamed: a process that starts meanwhile reads the old one or the new one.
    """
    source = _source()
    target = Path(settings.LOCALE_PATHS[0]) / CATALOGUE.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime_ns == source.stat().st_mtime_ns:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(".new")
    with fresh.open("wb") as file:
        write_mo(file, read_catalogue())
    stamp = source.stat()
    os.utime(fresh, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    fresh.replace(target)
    return True


def is_translated(string: str | tuple[str, ...] | list[str] | None) -> bool:
    """Answer whether a msgstr, or every plural form of it, is not empty."""
    if not string:
        return False
    return all([string] if isinstance(string, str) else string)


def _source() -> Path:
    return Path(settings.BASE_DIR) / "locale" / CATALOGUE


def _files() -> Iterator[Path]:
    for folder in SOURCES:
        root = Path(settings.BASE_DIR) / folder
        yield from sorted([*root.rglob("*.py"), *root.rglob("*.html"), *root.rglob("*.txt")])


def _as_python(file: Path) -> io.BytesIO:
    """Return a source file as Python text that Babel reads; a template's indentation would be syntax there."""
    text = file.read_text("utf-8")
    if file.suffix != ".py":
        text = "\n".join(line.lstrip() for line in templatize(text, origin=str(file)).splitlines())
    return io.BytesIO(text.encode())
