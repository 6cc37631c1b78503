"""`./run manage ARGS` and `./run bench NAME`: one command of the product, with servers that are there only as long.

Uses the servers of a running ./run; otherwise starts its own and stops them when it and all who joined it are done.
The launcher's own words go to stderr; stdout belongs to the command.
"""

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from poverty_pension.launcher import environment, processes, servers, upkeep
from poverty_pension.launcher.errors import LauncherError
from poverty_pension.launcher.installation import Installation
from poverty_pension.launcher.lock import Holder, LauncherLock
from poverty_pension.launcher.servers import Servers


def manage(installation: Installation, arguments: Sequence[str]) -> int:
    """Run manage.py with the arguments and return its exit code."""
    return _run_with_servers(installation, [installation.python, installation.checkout / "manage.py", *arguments])


def bench(installation: Installation, arguments: Sequence[str]) -> int:
    """Run one benchmark, or list them when none is named. Errors: LauncherError for a name that is none."""
    found = sorted(path.stem for path in installation.checkout.glob("benchmarks/*.py") if not path.stem.startswith("_"))
    if not arguments:
        print("\n".join(found) or "There are no benchmarks yet.")
        return 0
    name, *rest = arguments
    if name not in found:
        raise LauncherError(f"There is no benchmark {name!r}; there are: {', '.join(found) or 'none'}.")
    return _run_with_servers(installation, [installation.python, "-m", f"benchmarks.{name}", *rest])


def _run_with_servers(installation: Installation, command: Sequence[str | Path]) -> int:
    lock = LauncherLock(installation.run_dir)
    environment.ensure(installation, tell=_say, may_remake=not lock.is_held())
    while True:
        with lock.join_users():
            if not lock.take(Holder(os.getpid(), "manage")):
                holder = lock.wait_for_servers()
                if holder is not None:
                    return _run(command, _environment_of(installation, holder))
                continue
        return _run_as_owner(installation, lock, command)


def _run_as_owner(installation: Installation, lock: LauncherLock, command: Sequence[str | Path]) -> int:
    started: Servers | None = None
    try:
        started = upkeep.start_servers(installation)
        told = servers.child_environment(installation, started)
        upkeep.prepare_ground(installation, told, tell=_say, output=sys.stderr.fileno())
        lock.tell(started.note("manage"))
        return _run(command, told)
    finally:
        with lock.wait_for_users():
            if started:
                started.stop()
            lock.release()


def _environment_of(installation: Installation, holder: Holder) -> dict[str, str]:
    return servers.child_environment(installation, Servers.of(holder))


def _run(command: Sequence[str | Path], told: dict[str, str]) -> int:
    """Run the command in the foreground: Ctrl-C is its own affair, SIGTERM is passed on."""
    child = processes.begin(command, told)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    code = child.wait()
    return 128 - code if code < 0 else code  # as a shell tells a signal


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
