"""The command line: what is accepted, what is refused in one sentence, with which exit code."""

import errno
import os
from pathlib import Path

import pytest

from launcher import commands
from launcher.checks import SECOND_ROUND
from launcher.errors import explain
from launcher.installation import CHECKOUT, Installation


@pytest.fixture
def in_state_dir(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STATE_DIR", str(state_dir))
    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return state_dir


def test_unknown_command_shows_what_there_is(in_state_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["serv"]) == 2
    assert "./run manage ARGS" in capsys.readouterr().err


def test_help_names_every_command(in_state_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["help"]) == 0
    text = capsys.readouterr().out
    assert all(f"./run {name}" in text for name in commands.COMMANDS if name not in {"serve", "--help", "-h"})


def test_wrong_port_is_one_sentence(
    in_state_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "eighty")

    assert commands.main([]) == 1
    assert capsys.readouterr().err == "./run: PORT must be a number from 1 to 65535, not 'eighty'.\n"


def test_stop_where_nothing_runs_is_no_error(in_state_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["stop"]) == 0
    assert capsys.readouterr().out == "Nothing runs here.\n"


def test_reset_deletes_data_and_keeps_environment_and_keys(
    installation: Installation, in_state_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("postgres/data", "valkey", "data/deliveries", "venv"):
        (in_state_dir / name).mkdir(parents=True)

    assert commands.main(["reset", "--yes"]) == 0
    assert {path.name for path in in_state_dir.iterdir()} == {"venv", "keys", "logs", "run"}


def test_reset_asks_and_takes_no_for_an_answer(
    installation: Installation, in_state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builtins.input", lambda _: "")

    assert commands.main(["reset"]) == 1
    assert (in_state_dir / "data").exists()


def test_benchmark_without_name_lists_and_unknown_name_is_refused(
    in_state_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.main(["bench"]) == 0
    assert commands.main(["bench", "no_such"]) == 1
    assert "There is no benchmark 'no_such'" in capsys.readouterr().err


def test_folder_that_is_a_file_is_one_sentence(
    in_state_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (in_state_dir / "file").write_text("")
    monkeypatch.setenv("STATE_DIR", str(in_state_dir / "file"))

    assert commands.main(["manage", "check"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_keys_are_made_once(in_state_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = in_state_dir / "keys.json"

    assert commands.main(["keys", str(path)]) == 0
    before = path.read_bytes()
    assert commands.main(["keys", str(path)]) == 1
    assert commands.main(["keys"]) == 1

    assert path.read_bytes() == before
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "is full"),
        (errno.EACCES, "cannot be written"),
        (errno.EROFS, "STATE_DIR="),
        (errno.EIO, "Input/output"),
    ],
)
def test_system_errors_are_explained(number: int, words: str) -> None:
    assert words in explain(OSError(number, os.strerror(number)), Path("/srv/pension"))


def test_the_second_round_names_tests_that_exist() -> None:
    for each in SECOND_ROUND:
        path, _, name = each.partition("::")
        assert (CHECKOUT / path).exists(), each
        assert not name or f"def {name}(" in (CHECKOUT / path).read_text("utf-8"), each
