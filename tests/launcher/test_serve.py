"""What ./run refuses before it starts anything."""

import shutil
import socket
import subprocess
from collections import namedtuple
from pathlib import Path

import pytest

from launcher.errors import LauncherError
from launcher.installation import Installation
from launcher.serve import _print_summary, answers, refuse_full_disk, refuse_taken_port
from launcher.supervisor import Supervisor

Usage = namedtuple("Usage", "total used free")


def test_taken_port_is_refused_with_another_proposed() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(LauncherError, match=f"Port {port} is taken .* PORT={port + 1}"):
            refuse_taken_port(port, grace_seconds=0)


def test_free_port_is_taken() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    refuse_taken_port(port, grace_seconds=0)

    assert not answers(port)


def test_full_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 10 * 2**20))

    with pytest.raises(LauncherError, match="has only 10 MB free"):
        refuse_full_disk(tmp_path)


def test_a_demo_that_is_still_loading_ends_before_the_servers_are_stopped(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    loading = subprocess.Popen(["sleep", "600"])
    monkeypatch.setattr("launcher.processes.begin", lambda *_: loading)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Supervisor, "supervise_until", stop)
    with pytest.raises(KeyboardInterrupt):
        _print_summary(installation, {}, Supervisor(print))
    assert loading.returncode is not None
