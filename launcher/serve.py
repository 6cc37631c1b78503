"""`./run`: bring everything up, say where to look, keep it alive until Ctrl-C, SIGTERM or ./run stop."""

import http.client
import os
import shutil
import signal
import socket
import time
from pathlib import Path

from launcher import environment, processes, servers, upkeep
from launcher.errors import LauncherError
from launcher.installation import Installation
from launcher.lock import Holder, LauncherLock
from launcher.processes import Service
from launcher.stamps import demo_stamp
from launcher.supervisor import Supervisor

ANSWER_SECONDS = 90
STOP_SECONDS = 2.0
NEEDED_BYTES = 400 * 1024 * 1024


class StopRequested(BaseException):
    """Ctrl-C, SIGTERM or SIGHUP arrived; raised once, wherever the launcher is."""


def serve(installation: Installation) -> int:
    """Serve until asked to stop. Effects: everything under STATE_DIR. Errors: LauncherError, with nothing left running."""
    lock = LauncherLock(installation.run_dir)
    _take(lock, installation)
    refuse_taken_port(installation.port)
    refuse_full_disk(installation.state_dir)
    supervisor = Supervisor(_say)
    listen_for_stop()
    try:
        _bring_up(installation, lock, supervisor)
        supervisor.keep_until(lambda: False)
    except StopRequested:
        _say("Stopping ...")
    finally:
        lock.tell(Holder(os.getpid(), "stopping"))
        supervisor.stop(patience_seconds=STOP_SECONDS)
        lock.release()
    _say("Stopped. All data are kept; ./run starts again.")
    return 0


def listen_for_stop() -> None:
    """Turn the first stop signal into StopRequested; later ones change nothing, the stop is under way."""

    def stop(*_: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        raise StopRequested

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def refuse_taken_port(port: int, patience_seconds: float = 3.0) -> None:
    """Errors: LauncherError when something else keeps the port; a web server of a killed launcher is about to leave it."""
    deadline = time.monotonic() + patience_seconds
    while not is_free(port):
        if time.monotonic() > deadline:
            raise LauncherError(f"Port {port} is taken by another program; choose another one: PORT={port + 1} ./run")
        time.sleep(0.1)


def is_free(port: int) -> bool:
    """Tell whether this process could listen on the port. Errors: LauncherError for a port only root may open."""
    with socket.socket(socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise LauncherError(
                f"This user may not open port {port}; choose one above 1023, such as PORT=8000."
            ) from None
        except OSError:
            return False
    return True


def refuse_full_disk(folder: Path) -> None:
    """Errors: LauncherError when there is no room to work in."""
    free = shutil.disk_usage(folder).free
    if free < NEEDED_BYTES:
        raise LauncherError(
            f"The disk that holds {folder} has only {free // 2**20} MB free; at least {NEEDED_BYTES // 2**20} MB are needed."
        )


def _take(lock: LauncherLock, installation: Installation) -> None:
    if lock.take(Holder(os.getpid(), "run", installation.url)):
        return
    holder = lock.holder()
    if holder and holder.url:
        raise LauncherError(
            f"./run already serves {holder.url} from {installation.state_dir} (process {holder.process_id}); ./run stop ends it."
        )
    raise LauncherError(
        f"Another ./run command is at work in {installation.state_dir}; try again when it has finished."
    )


def _bring_up(installation: Installation, lock: LauncherLock, supervisor: Supervisor) -> None:
    environment.ensure(installation, tell=_say)
    _say("Starting PostgreSQL and Valkey ...")
    backing = upkeep.start_servers(installation)
    for running in backing.running:
        supervisor.adopt(running)
    told = servers.child_environment(installation, backing)
    upkeep.initialise(installation, told, tell=_say, output=None)
    lock.tell(backing.note("run", installation.url))
    _say("Starting the web server, the worker and the timetable ...")
    supervisor.start(_web(installation, told))
    _wait_for_answer(installation, supervisor)
    supervisor.start(_celery(installation, told, "worker", "--concurrency=2", "--without-gossip", "--without-mingle"))
    supervisor.start(_celery(installation, told, "beat", f"--schedule={installation.run_dir / 'timetable'}"))
    _tell_story(installation, told, supervisor)
    _say(f"\n{installation.url} is open. Ctrl-C stops everything and keeps the data.")


def _web(installation: Installation, told: dict[str, str]) -> Service:
    options = {
        "--bind": f"127.0.0.1:{installation.port}",
        "--workers": "2",
        "--threads": "4",
        "--graceful-timeout": "2",
    }
    words = [word for pair in options.items() for word in pair]
    return Service(
        name="web",
        command=(
            str(installation.python),
            "-m",
            "gunicorn",
            "--config=python:poverty_pension.settings.gunicorn",
            *words,
            "poverty_pension.wsgi:application",
        ),
        environment=told,
        folder=installation.checkout,
        log=installation.log_dir / "web.log",
        stop_now=signal.SIGQUIT,
    )


def _celery(installation: Installation, told: dict[str, str], part: str, *options: str) -> Service:
    """Describe worker or beat. Long work is resumable, so the worker is not waited for: SIGQUIT puts its message back."""
    return Service(
        name=part,
        command=(
            str(installation.python),
            "-m",
            "celery",
            "--app=poverty_pension.celery:app",
            part,
            "--loglevel=INFO",
            *options,
        ),
        environment=told | {"C_FORCE_ROOT": "1"},
        folder=installation.checkout,
        log=installation.log_dir / f"{part}.log",
        stop_now=signal.SIGQUIT if part == "worker" else signal.SIGTERM,
    )


def _wait_for_answer(installation: Installation, supervisor: Supervisor) -> None:
    deadline = time.monotonic() + ANSWER_SECONDS
    supervisor.keep_until(lambda: answers(installation.port) or time.monotonic() > deadline)
    if time.monotonic() > deadline:
        log = installation.log_dir / "web.log"
        raise LauncherError(f"The web server does not answer. The end of {log}:\n{processes.last_lines(log)}")


def answers(port: int) -> bool:
    """Tell whether a web server on the port answers a request with a page or a redirect."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _tell_story(installation: Installation, told: dict[str, str], supervisor: Supervisor) -> None:
    """Load the demo county the first time; later only say again what it showed and who can sign in."""
    stamp = demo_stamp(installation)
    options = ["--story"] if stamp.is_current() else []
    story = processes.begin([installation.python, installation.checkout / "manage.py", "load_demo", *options], told)
    supervisor.keep_until(lambda: story.poll() is not None)
    if story.returncode == 0:
        stamp.write()
    else:
        _say("The demo county was not loaded (see above); the portal serves without it, the next ./run tries again.")


def _say(text: str) -> None:
    print(text, flush=True)
