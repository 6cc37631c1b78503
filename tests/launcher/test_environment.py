"""When the virtual environment is recreated."""

from dataclasses import replace
from pathlib import Path

import pytest

from launcher import environment
from launcher.errors import LauncherError
from launcher.installation import CHECKOUT, Installation


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "requirements").mkdir()
    for names in (*environment.SETS.values(), (environment.INSTALLER,)):
        for name in names:
            (tmp_path / "requirements" / name).write_text("")
    return tmp_path


def test_stamp_follows_the_lock_files_of_its_set(checkout: Path, installation: Installation) -> None:
    here = replace(installation, checkout=checkout)
    here.venv.mkdir()
    for name in ("run", "test"):
        (here.venv / f".{name}-set").write_text(environment.lock_hash(checkout, name))

    (checkout / "requirements" / "test.txt").write_text("pytest==1\n")

    assert environment.is_current(here, "run")
    assert not environment.is_current(here, "test")

    (checkout / "requirements" / environment.INSTALLER).write_text("pip==1\n")

    assert not environment.is_current(here, "run")


def test_environment_in_use_is_not_replaced(checkout: Path, installation: Installation) -> None:
    with pytest.raises(LauncherError, match=r"\./run stop"):
        environment.ensure(replace(installation, checkout=checkout), report=print, may_remake=False)


def test_every_pinned_package_carries_a_hash_and_no_address() -> None:
    for lock in (CHECKOUT / "requirements").glob("*.txt"):
        text = lock.read_text()
        pins = text.count("==") - text.count("_version ==") - text.count("sys_platform ==")
        assert "://" not in text
        assert text.count("==") > 0
        assert pins <= text.count("--hash=sha256:")
