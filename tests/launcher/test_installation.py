"""The paths of an installation, and how long a socket's path may be."""

import os
from pathlib import Path

import pytest

from launcher.errors import LauncherError
from launcher.installation import (
    LONGEST_SOCKET_BYTES,
    from_environment,
    make_folders,
    make_private_folder,
    socket_folder,
)

NAME = ".s.PGSQL.5432.lock"


def test_environment_names_folder_port_and_servers(tmp_path: Path) -> None:
    found = from_environment({"STATE_DIR": str(tmp_path), "PORT": "8123", "REDIS_URL": "redis://127.0.0.1"})

    assert (found.state_dir, found.port, found.database_url, found.redis_url) == (
        tmp_path,
        8123,
        "",
        "redis://127.0.0.1",
    )
    assert found.url == "http://127.0.0.1:8123/"


def test_default_folder_is_var_in_the_checkout(tmp_path: Path) -> None:
    assert from_environment({}, checkout=tmp_path).state_dir == tmp_path / "var"


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "٣"])
def test_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(LauncherError, match="PORT must be a number"):
        from_environment({"PORT": port})


def test_short_socket_path_stays_in_its_folder(tmp_path: Path) -> None:
    assert socket_folder(Path("/srv/pension/socket"), NAME) == Path("/srv/pension/socket")


def test_long_socket_path_becomes_short_and_its_own() -> None:
    first, second = (Path("/srv") / ("深" * 40) / name for name in "ab")

    folders = {socket_folder(first, NAME), socket_folder(second, NAME)}

    assert len(folders) == 2
    assert all(len(os.fsencode(folder / NAME)) <= LONGEST_SOCKET_BYTES for folder in folders)


def test_folders_are_private(state_dir: Path) -> None:
    made = from_environment({"STATE_DIR": str(state_dir / "new")})

    make_folders(made)

    assert [oct((made.state_dir / name).stat().st_mode & 0o777) for name in ("keys", "run", "logs", "data")] == [
        "0o700"
    ] * 4


def test_private_folder_is_no_link_of_somebody_else(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "mine")

    with pytest.raises(LauncherError, match="belongs to another user"):
        make_private_folder(tmp_path / "link", os.geteuid())
