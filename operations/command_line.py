"""The edge of the command line: a refusal is its sentence, an unforeseen error a number to quote; never a traceback.

Log lines of a command go to logs/commands.log below STATE_DIR (mode 0600), the error with its traceback among them.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import ManagementUtility
from django.db import OperationalError
from django.utils.translation import gettext as _

from foundation.jobs.logs import JsonFormatter
from foundation.primitives.disk import is_disk_full
from foundation.primitives.errors import DomainError
from foundation.primitives.request_number import new_request_number

log = logging.getLogger(__name__)

FOR_DEVELOPERS = {"runserver", "shell", "dbshell", "test"}
"""Commands of Django whose output, logs and tracebacks are what one calls them for."""


def execute(arguments: list[str]) -> str:
    """Run a command of manage.py; return what to tell about an error, nothing when there was none. `--traceback` raises it instead."""
    utility = ManagementUtility(arguments)
    if FOR_DEVELOPERS.intersection(arguments[1:2]) or "--traceback" in arguments:
        utility.execute()
        return ""
    try:
        django.setup()
    except ImproperlyConfigured as error:
        return str(error)
    path = settings.STATE_DIR / "logs" / "commands.log"
    _log_to(path)
    number = new_request_number()
    try:
        utility.execute()
    except DomainError as refusal:
        return f"{refusal} {refusal.what_to_do}".strip()
    except KeyboardInterrupt:
        return _("Interrupted.")
    except Exception as error:  # the edge of the program
        _log_to(path)  # once more: running the command has set up the logs as for a server
        log.exception("command %s failed, number %s", " ".join(arguments[1:2]), number)
        return _sentence(error) % {"number": number, "path": path}
    return ""


def _sentence(error: Exception) -> str:
    if is_disk_full(error):
        return _("The disk is full. Free some space and run the command again.")
    if isinstance(error, OperationalError):
        return _("The database does not answer. Check that it runs, then run the command again (%(number)s, %(path)s).")
    return _("An unforeseen error stopped the command. It stands in %(path)s under the number %(number)s.")


def _log_to(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    handler = logging.FileHandler(path, encoding="utf-8", delay=True)
    handler.setFormatter(JsonFormatter())
    logging.getLogger().handlers = [handler]
