"""`./run manage`, `bench`, `torture`, `restore`: one command of the product, with servers that run only as long as it does.

Uses the servers of a running ./run; otherwise starts its own and stops them when it and all who joined it are done.
The launcher's messages go to stderr; stdout belongs to the command.
"""

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from launcher import environment, preparation, processes, servers
from launcher.errors import LauncherError
from launcher.installation import Installation
from launcher.lock import Holder, LauncherLock
from launcher.servers import Servers


def manage(installation: Installation, arguments: Sequence[str]) -> int:
    """Run manage.py with the arguments and return its exit code."""
    return _run_with_servers(installation, [installation.python, installation.checkout / "manage.py", *arguments])


def bench(installation: Installation, arguments: Sequence[str]) -> int:
    """Run one benchmark, or list them when none is named. Errors: LauncherError for an unknown name."""
    found = sorted(path.stem for path in installation.checkout.glob("benchmarks/*.py") if not path.stem.startswith("_"))
    if not arguments:
        print("\n".join(found) or "There are no benchmarks yet.")
        return 0
    name, *rest = arguments
    if name not in found:
        raise LauncherError(f"There is no benchmark {name!r}; there are: {', '.join(found) or 'none'}.")
    return _run_with_servers(installation, [installation.python, "-m", f"benchmarks.{name}", *rest], with_tests=True)


def torture(installation: Installation, arguments: Sequence[str]) -> int:
    """Run one of the scripts that cause failures on purpose, with what the tests install; each creates its own installations."""
    found = sorted(path.stem for path in installation.checkout.glob("torture/*.py") if not path.stem.startswith("_"))
    name, *rest = arguments or [""]
    if name not in found:
        raise LauncherError(
            f"Name one of: {', '.join(found) or 'none yet'}. For example: ./run torture launcher --kills 60"
        )
    lock = LauncherLock(installation.run_dir)
    environment.ensure(installation, report=_print_line, with_tests=True, may_remake=not lock.is_held())
    return _run([installation.python, "-m", f"torture.{name}", *rest], dict(os.environ) | {"PYTHONUNBUFFERED": "1"})


def restore(installation: Installation, folder: str) -> int:
    """Read a backup into this installation, which must be empty and have the backup's key file.

    Effects: creates the database, then what initialise adds. Errors: LauncherError before anything is created.
    """
    key_file = Path(os.environ.get("KEY_FILE") or installation.key_file)
    if not key_file.exists():
        raise LauncherError(f"Put the key file of the backed-up installation at {key_file} first; no backup holds it.")
    if installation.has_database or any((installation.state_dir / "data").glob("[!i]*")):
        raise LauncherError(
            f"{installation.state_dir} is not empty; name a new folder: STATE_DIR=... ./run restore FOLDER"
        )
    lock = LauncherLock(installation.run_dir)
    environment.ensure(installation, report=_print_line, may_remake=not lock.is_held())
    if not lock.take(Holder(os.getpid(), "manage")):
        raise LauncherError("Another command is running in this STATE_DIR; wait until it has ended.")
    command: list[str | Path] = [installation.python, installation.checkout / "manage.py", "restore", folder]
    return _run_as_owner(installation, lock, command, initialise_first=False)


def _run_with_servers(installation: Installation, command: Sequence[str | Path], *, with_tests: bool = False) -> int:
    """Run a command beside this installation's servers; `with_tests`: with what the tests install, to measure against."""
    lock = LauncherLock(installation.run_dir)
    environment.ensure(installation, report=_print_line, with_tests=with_tests, may_remake=not lock.is_held())
    while True:
        with lock.join_users():
            if not lock.take(Holder(os.getpid(), "manage")):
                holder = lock.wait_for_servers()
                if holder is not None:
                    return _run(command, _environment_of(installation, holder))
                continue
        return _run_as_owner(installation, lock, command)


def _run_as_owner(
    installation: Installation, lock: LauncherLock, command: Sequence[str | Path], *, initialise_first: bool = True
) -> int:
    """Start the servers, run the command on an initialised database (or initialise when the command has succeeded), stop them."""
    started: Servers | None = None
    try:
        started = preparation.start_servers(installation)
        child_environment = servers.child_environment(installation, started)
        if initialise_first:
            preparation.initialise(installation, child_environment, report=_print_line, output=sys.stderr.fileno())
        lock.record(started.note("manage"))
        code = _run(command, child_environment)
        if not initialise_first and code == 0:
            preparation.initialise(installation, child_environment, report=_print_line, output=sys.stderr.fileno())
        return code
    finally:
        with lock.wait_for_users():
            if started:
                started.stop()
            lock.release()


def _environment_of(installation: Installation, holder: Holder) -> dict[str, str]:
    return servers.child_environment(installation, Servers.of(holder))


def _run(command: Sequence[str | Path], child_environment: dict[str, str]) -> int:
    """Run the command in the foreground: Ctrl-C reaches it directly, SIGTERM is passed on."""
    child = processes.begin(command, child_environment)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    code = child.wait()
    return 128 - code if code < 0 else code  # as a shell reports a signal


def _print_line(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
