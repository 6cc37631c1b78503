"""When an installation must be initialised again: content and database decide, not dates."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from launcher.installation import Installation
from launcher.stamps import demo_stamp, fingerprint, initialised_stamp


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in (
        "registry/migrations/0001_persons.py",
        "foundation/policy/parameters/age.yaml",
        "locale/zh_Hans/LC_MESSAGES/django.po",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text("first")
    return tmp_path


def test_fingerprint_ignores_dates_and_caches(checkout: Path) -> None:
    before = fingerprint(checkout)

    os.utime(checkout / "registry/migrations/0001_persons.py", (0, 0))
    cache = checkout / "foundation/policy/__pycache__"
    cache.mkdir()
    (cache / "models.pyc").write_bytes(b"x")

    assert fingerprint(checkout) == before


@pytest.mark.parametrize(
    "name",
    [
        "registry/migrations/0002_more.py",
        "foundation/policy/parameters/age.yaml",
        "locale/zh_Hans/LC_MESSAGES/django.po",
    ],
)
def test_fingerprint_sees_new_and_changed_files(checkout: Path, name: str) -> None:
    before = fingerprint(checkout)

    (checkout / name).write_text("second")

    assert fingerprint(checkout) != before


def test_stamp_holds_for_one_database_only(installation: Installation) -> None:
    other = replace(installation, database_url="postgresql:///elsewhere")
    for stamp in (initialised_stamp, demo_stamp):
        stamp(installation).write()

        assert stamp(installation).is_current()
        assert not stamp(other).is_current()

        stamp(installation).forget()
        assert not stamp(installation).is_current()
