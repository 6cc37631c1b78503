"""A worker process that hangs at a chosen place and is then killed with -9, on the test's own database and folder."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

Result = TypeVar("Result")
PATIENCE_SECONDS = 60
PROGRAM = """
import sys, time
from pathlib import Path
import django
django.setup()
import {module} as place
real = place.{function}

def work_and_hang(*arguments, **named):
    done = real(*arguments, **named)
    Path(sys.argv[1]).touch()
    time.sleep(600)
    return done

{patch}
{work}
"""


@contextmanager
def hanging_worker(*, module: str, function: str, work: str, sign: Path, patch: str = "") -> Iterator[None]:
    """Run `work` in a process of its own; it hangs when module.function has done its part. Killed at the end.

    `patch` puts work_and_hang in the function's place where a plain assignment does not do.
    """
    patched = patch or f"place.{function} = work_and_hang"
    program = PROGRAM.format(module=module, function=function, work=work, patch=patched)
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = {**os.environ, "DATABASE_URL": url, "DATA_DIR": str(settings.DATA_DIR)}
    worker = subprocess.Popen([sys.executable, "-c", program, str(sign)], env=environment, cwd=settings.BASE_DIR)
    try:
        wait_for(lambda: sign.exists() or _ended(worker))
        yield
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait(timeout=PATIENCE_SECONDS)


def wait_for(look: Callable[[], Result]) -> Result:
    """Look until there is something; a test that waits too long fails."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (seen := look()):
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)
    return seen


def _ended(worker: subprocess.Popen[bytes]) -> bool:
    assert worker.poll() is None, "the worker ended by itself"
    return False
