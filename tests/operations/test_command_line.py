"""The command line never shows a traceback: a refusal is its sentence, an unforeseen error a number, its text in the log only."""

import json
import os
import stat
import subprocess
import sys

import pytest
from django.core.management import ManagementUtility
from django.db import OperationalError
from django.utils import translation

from foundation.primitives.errors import Conflict
from operations.command_line import execute


@pytest.fixture
def command_ending(monkeypatch, settings, tmp_path):
    """Return a function: what the command line says of a command that ends with an error, and the log."""
    settings.STATE_DIR = tmp_path
    monkeypatch.setattr("logging.root.handlers", [])

    def run(error: BaseException, *options: str) -> tuple[str, str]:
        def give_up(_self: object) -> None:
            raise error

        monkeypatch.setattr(ManagementUtility, "execute", give_up)
        said = execute(["manage.py", "receive", *options])
        log = tmp_path / "logs" / "commands.log"
        assert stat.S_IMODE(log.stat().st_mode) == 0o600
        return said, log.read_text("utf-8")

    return run


def test_a_command_of_its_own_process_shows_its_sentence_and_no_traceback(tmp_path):
    away = {"DATABASE_URL": "postgresql:///none?host=/nonexistent", "STATE_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "manage.py", "load_demo"], capture_output=True, text=True, check=False, env=os.environ | away
    )
    shown = done.stdout + done.stderr
    assert (done.returncode, "Traceback" in shown, '"level"' in shown) == (1, False, False)
    log = (tmp_path / "logs" / "commands.log").read_text("utf-8")
    assert "Traceback" in log
    assert json.loads(log.splitlines()[-1])["request"] in shown


def test_an_unforeseen_error_is_a_number_found_in_the_log(command_ending):
    said, log = command_ending(ZeroDivisionError("320697199001010010"))
    number = said.split()[-1].rstrip(".。")
    assert number in log
    assert "ZeroDivisionError" in log
    assert "320697199001010010" not in said + log
    assert "Traceback" not in said


def test_a_refusal_is_its_sentence(command_ending):
    said, log = command_ending(Conflict("Not now.", what_to_do="Wait."))
    assert (said, log) == ("Not now. Wait.", "")


def test_a_database_that_is_away_and_a_full_disk_are_said(command_ending):
    with translation.override("en"):
        assert "database" in command_ending(OperationalError("connection refused"))[0]
        assert "disk" in command_ending(OSError(28, "No space left on device"))[0]


def test_ctrl_c_is_no_error(command_ending):
    assert command_ending(KeyboardInterrupt())[1] == ""


def test_whoever_asks_for_the_traceback_gets_it(command_ending):
    with pytest.raises(ZeroDivisionError):
        command_ending(ZeroDivisionError(), "--traceback")
