"""What goes wrong on real machines ends in one sentence that says what to do, with nothing half done. Real processes."""

import os
import pwd
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from launcher import account, environment, errors, postgres_files
from launcher.account import Account
from launcher.errors import LauncherError
from launcher.installation import CHECKOUT, Installation
from launcher.lock import LauncherLock
from tests.launcher.test_lock import hold

IS_ROOT = os.geteuid() == 0
NO_VENV = """#!/bin/sh
echo "The virtual environment was not created successfully because ensurepip is not available." >&2
exit 1
"""
NO_SPACE = """#!/bin/sh
echo "OSError: [Errno 28] No space left on device" >&2
exit 1
"""


def run(*arguments: str, variables: Mapping[str, str], user: int | None = None) -> subprocess.CompletedProcess[str]:
    """Run ./run as a person does, as another user where asked."""
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [str(CHECKOUT / "run"), *arguments],
        env=clean | dict(variables),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
    )


def is_one_sentence(done: subprocess.CompletedProcess[str], words: str) -> bool:
    return done.returncode == 1 and done.stderr.count("\n") == 1 and words in done.stderr


@pytest.fixture
def nobody() -> int | None:
    """Another account to try as when this one is root."""
    return pwd.getpwnam("nobody").pw_uid if IS_ROOT else None


@pytest.mark.parametrize(("python", "words"), [(NO_VENV, "apt install python3"), (NO_SPACE, "is full")])
def test_python_that_cannot_make_environments(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, python: str, words: str
) -> None:
    fake = tmp_path / "python3"
    fake.write_text(python)
    fake.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(fake))

    with pytest.raises(LauncherError, match=words):
        environment.ensure(installation, report=lambda _: None)

    assert not environment.is_current(installation, "run")


def test_folder_that_cannot_be_written(tmp_path: Path, state_dir: Path, nobody: int | None) -> None:
    state_dir.chmod(0o555)
    try:
        done = run("manage", "check", variables={"STATE_DIR": str(state_dir / "var")}, user=nobody)
    finally:
        state_dir.chmod(0o755)

    assert is_one_sentence(done, "cannot be written"), done.stderr
    assert "STATE_DIR=" in done.stderr
    assert list(state_dir.iterdir()) == []


@pytest.mark.skipif(not IS_ROOT, reason="only root can make a folder that belongs to another user")
def test_folder_made_by_another_user(state_dir: Path, nobody: int | None) -> None:
    for name in ("keys", "run", "logs", "data"):
        (state_dir / name).mkdir(mode=0o700)
    state_dir.chmod(0o711)

    done = run("manage", "check", variables={"STATE_DIR": str(state_dir)}, user=nobody)

    assert is_one_sentence(done, "cannot be written"), done.stderr


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the database goes when its account cannot reach STATE_DIR."""
    folder = Path("/var/tmp", f"pension-elsewhere-{os.getpid()}")
    monkeypatch.setattr(postgres_files, "SYSTEM_HOME", folder)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.skipif(not IS_ROOT, reason="only root runs the database as another account")
def test_private_parent_folder_puts_the_database_elsewhere(tmp_path: Path, elsewhere: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    server_account = account.database_account()
    assert isinstance(server_account, Account)
    assert not account.can_reach(server_account, closed)
    state_dir = closed / "var"
    state_dir.mkdir()

    home = postgres_files.choose_home(state_dir, server_account)

    assert home.parent == elsewhere
    assert (state_dir / "postgres").is_symlink()
    assert account.can_reach(server_account, home)
    assert postgres_files.choose_home(state_dir, server_account) == home
    assert closed.stat().st_mode & 0o777 == 0o700


def test_second_run_names_the_address_of_the_first(installation: Installation) -> None:
    first = hold(installation.run_dir, os.getpid())
    try:
        done = run(variables={"STATE_DIR": str(installation.state_dir), "PORT": "18999"})
    finally:
        first.kill()
        first.wait()

    assert is_one_sentence(done, "already serves http://127.0.0.1:8000/"), done.stderr
    assert "./run stop" in done.stderr


def test_taken_port_is_reported_before_anything_is_started(installation: Installation) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = run(variables={"STATE_DIR": str(installation.state_dir), "PORT": str(port)})

    assert is_one_sentence(done, f"Port {port} is taken"), done.stderr
    assert not installation.venv.exists()
    assert not LauncherLock(installation.run_dir).is_held()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_disk_that_fills_up_while_writing(installation: Installation) -> None:
    with pytest.raises(OSError, match="No space") as caught, Path("/dev/full").open("w") as full:
        full.write("x")

    sentence = errors.explain(caught.value, installation.state_dir)

    assert (
        sentence
        == f"The disk that holds {installation.state_dir} is full; free some space and start again, nothing is lost."
    )


def test_restore_without_the_key_file_makes_nothing(state_dir: Path, tmp_path: Path) -> None:
    done = run("restore", str(tmp_path), variables={"STATE_DIR": str(state_dir / "var")})

    assert is_one_sentence(done, "Put the key file"), done.stderr
    assert not (state_dir / "var" / "keys" / "keys.json").exists()


def test_key_is_not_added_under_a_running_installation(installation: Installation) -> None:
    first = hold(installation.run_dir, os.getpid())
    try:
        done = run("keys", "add", variables={"STATE_DIR": str(installation.state_dir)})
    finally:
        first.kill()
        first.wait()

    assert is_one_sentence(done, "./run stop first"), done.stderr
