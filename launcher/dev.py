"""`./run dev`: as ./run, for whoever changes the code: everything that reads a changed file starts again or reads it anew.

The web server is Django's own, which reloads itself; templates and styles are read at each request. Worker and timetable are
restarted when Python, SQL or YAML files change; changed words of locale/ are compiled.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from launcher import environment, preparation, processes, servers
from launcher.installation import Installation
from launcher.lock import Holder, LauncherLock
from launcher.processes import Running, Service
from launcher.serve import (
    STOP_SECONDS,
    StopRequested,
    celery_service,
    install_stop_handlers,
    print_line,
    refuse_taken_port,
    take_lock,
    wait_for_answer,
)
from launcher.supervisor import Supervisor

LOOK_SECONDS = 1.0
CODE, WORDS = (".py", ".sql", ".yaml"), (".po",)
LEFT_OUT = {"var", ".git", "node_modules", "__pycache__", ".venv", "docs", "tests", "benchmarks", "torture"}


def dev(installation: Installation) -> int:
    """Serve with reloading until asked to stop. Effects: everything under STATE_DIR. Errors: LauncherError."""
    lock = LauncherLock(installation.run_dir)
    take_lock(lock, installation)
    refuse_taken_port(installation.port)
    supervisor = Supervisor(print_line)
    install_stop_handlers()
    try:
        _run(installation, lock, supervisor)
    except StopRequested:
        print_line("Stopping ...")
    finally:
        lock.record(Holder(os.getpid(), "stopping"))
        supervisor.stop(grace_seconds=STOP_SECONDS)
        lock.release()
    return 0


def _run(installation: Installation, lock: LauncherLock, supervisor: Supervisor) -> None:
    environment.ensure(installation, report=print_line)
    backing = preparation.start_servers(installation)
    for running in backing.running:
        supervisor.adopt(running)
    child_environment = servers.child_environment(installation, backing)
    preparation.initialise(installation, child_environment, report=print_line, output=None)
    lock.record(backing.note("run", installation.url))
    child_environment |= {"DJANGO_SETTINGS_MODULE": "poverty_pension.settings.reload"}
    supervisor.start(_web(installation, child_environment))
    wait_for_answer(installation, supervisor)
    jobs = [processes.start(service) for service in _jobs(installation, child_environment)]
    for running in jobs:
        supervisor.adopt(running)
    print_line(f"{installation.url} is open and reloads what changes. Ctrl-C stops everything and keeps the data.")
    code, words = _newest(installation.checkout, CODE), _newest(installation.checkout, WORDS)
    while True:
        deadline = time.monotonic() + LOOK_SECONDS
        supervisor.supervise_until(lambda until=deadline: time.monotonic() > until)  # type: ignore[misc]
        if (changed := _newest(installation.checkout, CODE)) != code:
            code = changed
            _restart(jobs)
        if (changed := _newest(installation.checkout, WORDS)) != words:
            words = changed
            _compile_words(installation, child_environment)


def _web(installation: Installation, child_environment: dict[str, str]) -> Service:
    return Service(
        name="web",
        command=(str(installation.python), "manage.py", "runserver", f"127.0.0.1:{installation.port}"),
        environment=child_environment,
        folder=installation.checkout,
        log=installation.log_dir / "web.log",
        stop_now=signal.SIGTERM,
    )


def _jobs(installation: Installation, child_environment: dict[str, str]) -> list[Service]:
    schedule = f"--schedule={installation.run_dir / 'timetable'}"
    return [
        celery_service(installation, child_environment, "worker", "--concurrency=1"),
        celery_service(installation, child_environment, "beat", schedule),
    ]


def _restart(jobs: list[Running]) -> None:
    """End worker and timetable; the supervisor starts them again with the changed code."""
    print_line("Code changed: worker and timetable start again.")
    for running in jobs:
        running.process.terminate()


def _compile_words(installation: Installation, child_environment: dict[str, str]) -> None:
    print_line("Words changed: they are compiled; the web server reads them when it reloads.")
    subprocess.run(
        [
            installation.python,
            "-c",
            "import django; django.setup(); from operations import translations as t; t.compile_catalogue()",
        ],
        cwd=installation.checkout,
        env=child_environment,
        check=False,
    )


def _newest(checkout: Path, endings: tuple[str, ...]) -> float:
    """Return when a file with one of these endings was changed last."""
    return max((path.stat().st_mtime for path in _files(checkout, endings)), default=0.0)


def _files(folder: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in LEFT_OUT:
                    yield from _files(Path(entry.path), endings)
            elif entry.name.endswith(endings):
                yield Path(entry.path)
