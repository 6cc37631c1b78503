"""`./run`: start everything, print the address, keep it running until Ctrl-C, SIGTERM or ./run stop."""

import http.client
import os
import shutil
import signal
import socket
import time
from pathlib import Path

from launcher import environment, preparation, processes, servers
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
    """Ctrl-C, SIGTERM or SIGHUP arrived; raised once, whatever the launcher is doing."""


def serve(installation: Installation) -> int:
    """Serve until asked to stop. Effects: everything under STATE_DIR. Errors: LauncherError, with nothing left running."""
    lock = LauncherLock(installation.run_dir)
    take_lock(lock, installation)
    refuse_taken_port(installation.port)
    refuse_full_disk(installation.state_dir)
    supervisor = Supervisor(print_line)
    install_stop_handlers()
    try:
        _start_everything(installation, lock, supervisor)
        supervisor.supervise_until(lambda: False)
    except StopRequested:
        print_line("Stopping ...")
    finally:
        lock.record(Holder(os.getpid(), "stopping"))
        supervisor.stop(grace_seconds=STOP_SECONDS)
        lock.release()
    print_line("Stopped. All data are kept; ./run starts again.")
    return 0


def install_stop_handlers() -> None:
    """Turn the first stop signal into StopRequested; later ones are ignored: it is stopping already."""

    def stop(*_: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        raise StopRequested

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)


def refuse_taken_port(port: int, grace_seconds: float = 3.0) -> None:
    """Errors: LauncherError when another program holds the port; a web server of a killed launcher is about to release it."""
    deadline = time.monotonic() + grace_seconds
    while not is_free(port):
        if time.monotonic() > deadline:
            raise LauncherError(f"Port {port} is taken by another program; choose another one: PORT={port + 1} ./run")
        time.sleep(0.1)


def is_free(port: int) -> bool:
    """Answer whether this process could listen on the port. Errors: LauncherError for a port only root may open."""
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
    """Errors: LauncherError when there is not enough free space."""
    free = shutil.disk_usage(folder).free
    if free < NEEDED_BYTES:
        raise LauncherError(
            f"The disk that holds {folder} has only {free // 2**20} MB free; at least {NEEDED_BYTES // 2**20} MB are needed."
        )


def take_lock(lock: LauncherLock, installation: Installation) -> None:
    if lock.take(Holder(os.getpid(), "run", installation.url)):
        return
    holder = lock.holder()
    if holder and holder.url:
        raise LauncherError(
            f"./run already serves {holder.url} from {installation.state_dir} (process {holder.process_id}); ./run stop ends it."
        )
    raise LauncherError(
        f"Another ./run command is running in {installation.state_dir}; try again when it has finished."
    )


def _start_everything(installation: Installation, lock: LauncherLock, supervisor: Supervisor) -> None:
    environment.ensure(installation, report=print_line)
    print_line("Starting PostgreSQL and Valkey ...")
    backing = preparation.start_servers(installation)
    for running in backing.running:
        supervisor.adopt(running)
    child_environment = servers.child_environment(installation, backing)
    preparation.initialise(installation, child_environment, report=print_line, output=None)
    lock.record(backing.note("run", installation.url))
    print_line("Starting the web server, the worker and the timetable ...")
    supervisor.start(_web(installation, child_environment))
    wait_for_answer(installation, supervisor)
    supervisor.start(
        celery_service(
            installation, child_environment, "worker", "--concurrency=2", "--without-gossip", "--without-mingle"
        )
    )
    supervisor.start(
        celery_service(installation, child_environment, "beat", f"--schedule={installation.run_dir / 'timetable'}")
    )
    _print_summary(installation, child_environment, supervisor)
    print_line(f"\n{installation.url} is open. Ctrl-C stops everything and keeps the data.")


def _web(installation: Installation, child_environment: dict[str, str]) -> Service:
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
        environment=child_environment,
        folder=installation.checkout,
        log=installation.log_dir / "web.log",
        stop_now=signal.SIGQUIT,
    )


def celery_service(installation: Installation, child_environment: dict[str, str], part: str, *options: str) -> Service:
    """Describe worker or beat. Long work is resumable, so the worker is not waited for: SIGQUIT returns its message to the queue."""
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
        environment=child_environment | {"C_FORCE_ROOT": "1"},
        folder=installation.checkout,
        log=installation.log_dir / f"{part}.log",
        stop_now=signal.SIGQUIT if part == "worker" else signal.SIGTERM,
    )


def wait_for_answer(installation: Installation, supervisor: Supervisor) -> None:
    deadline = time.monotonic() + ANSWER_SECONDS
    supervisor.supervise_until(lambda: answers(installation.port) or time.monotonic() > deadline)
    if time.monotonic() > deadline:
        log = installation.log_dir / "web.log"
        raise LauncherError(f"The web server does not answer. The end of {log}:\n{processes.last_lines(log)}")


def answers(port: int) -> bool:
    """Answer whether a web server on the port answers a request with a page or a redirect."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _print_summary(installation: Installation, child_environment: dict[str, str], supervisor: Supervisor) -> None:
    """Load the demo county the first time; later only print again what it found and who can sign in."""
    stamp = demo_stamp(installation)
    options = ["--summary"] if stamp.is_current() else []
    summary = processes.begin(
        [installation.python, installation.checkout / "manage.py", "load_demo", *options], child_environment
    )
    try:
        supervisor.supervise_until(lambda: summary.poll() is not None)
    finally:  # stopped meanwhile: before the database is
        if summary.poll() is None:
            summary.kill()
            summary.wait()
    if summary.returncode == 0:
        stamp.write()
    else:
        print_line(
            "The demo county was not loaded (see above); the portal runs without it, the next ./run tries again."
        )


def print_line(text: str) -> None:
    print(text, flush=True)
