"""The virtual environment under STATE_DIR/venv: created from hash-pinned sets, recreated only when a lock file changes.

Two sets share it: `run` (what the product needs, with the servers) and `test` (what ./run test adds). A stamp with the
hash of the lock files is written last, so an interrupted run leaves no stamp and the work is repeated.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher.errors import LauncherError
from launcher.installation import Installation

SETS = {"run": ("run.txt", "servers.txt"), "test": ("test.txt",)}
INSTALLER = "installer.txt"
"""uv where it can be had, and a current pip and setuptools in place of those Python brings."""
Report = Callable[[str], None]


def ensure(installation: Installation, *, report: Report, with_tests: bool = False, may_remake: bool = True) -> None:
    """Create the environment, or bring it in line with the lock files.

    `may_remake` is False while a launcher serves from it. Errors: LauncherError with what to do.
    """
    with _one_at_a_time(installation):
        if not is_current(installation, "run"):
            if not may_remake:
                raise LauncherError("The pinned dependencies changed while ./run serves; ./run stop, then start again.")
            report("Creating the environment (only when the pinned dependencies changed) ...")
            _make_empty(installation.venv)
            _install(installation, "run")
        if with_tests and not is_current(installation, "test"):
            report("Installing the test tools ...")
            _install(installation, "test")


def is_current(installation: Installation, name: str) -> bool:
    """Answer whether the set was installed completely from the present lock files."""
    stamp = _stamp(installation, name)
    return stamp.exists() and stamp.read_text("utf-8") == lock_hash(installation.checkout, name)


def lock_hash(checkout: Path, name: str) -> str:
    """Return one hash over the lock files of a set and the Python that runs it."""
    digest = hashlib.sha256(sys.version.encode())
    for file in (*SETS[name], INSTALLER) if name == "run" else SETS[name]:
        digest.update((checkout / "requirements" / file).read_bytes())
    return digest.hexdigest()


def site_packages(python_home: Path) -> Path:
    """Return the folder of installed packages of a virtual environment."""
    return next(python_home.glob("lib/python3*/site-packages"))


def _stamp(installation: Installation, name: str) -> Path:
    return installation.venv / f".{name}-set"


@contextmanager
def _one_at_a_time(installation: Installation) -> Iterator[None]:
    with (installation.run_dir / "environment.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_empty(venv: Path) -> None:
    shutil.rmtree(venv, ignore_errors=True)
    made = subprocess.run([sys.executable, "-m", "venv", venv], capture_output=True, text=True, check=False)
    if made.returncode == 0:
        return
    if "No space left" in made.stdout + made.stderr:
        raise LauncherError(f"The disk that holds {venv.parent} is full; free some space and start again.")
    if "ensurepip" in made.stdout + made.stderr:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise LauncherError(
            f"This Python cannot make virtual environments. On Debian or Ubuntu: apt install python{version}-venv"
        )
    raise LauncherError(f"The virtual environment could not be made: {(made.stderr or made.stdout).strip()[-500:]}")


def _install(installation: Installation, name: str) -> None:
    """Install a set with uv, which is many times quicker, or with pip where uv is unavailable or fails."""
    _stamp(installation, name).unlink(missing_ok=True)
    locks = [word for file in SETS[name] for word in ("-r", str(installation.checkout / "requirements" / file))]
    pip = [str(installation.python), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    installer = installation.checkout / "requirements" / INSTALLER
    uv = installation.venv / "bin" / "uv"
    ways = [[*pip, "install", "--require-hashes", *locks]]
    if uv.exists() or _works([*pip, "install", "--require-hashes", "-r", str(installer)]):
        target = ["--python", str(installation.python)]
        ways.insert(
            0, [str(uv), "pip", "install", "--quiet", "--compile-bytecode", "--require-hashes", *target, *locks]
        )
    environment = os.environ | _index_settings(pip)
    for way in ways:
        done = subprocess.run(way, env=environment, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            _stamp(installation, name).write_text(lock_hash(installation.checkout, name), "utf-8")
            return
    raise LauncherError(_installation_failure(done.stderr, installation.state_dir))


def _works(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _index_settings(pip: list[str]) -> dict[str, str]:
    """Return pip's configuration as uv's variables: uv does not read pip's files, and many networks reach only a mirror."""
    listed = subprocess.run([*pip, "config", "list"], capture_output=True, text=True, check=False).stdout
    configured = {}
    for line in listed.splitlines():
        key, _, value = line.partition("=")
        configured[key.rpartition(".")[2]] = value.strip("'\"")
    names = {"index-url": "UV_DEFAULT_INDEX", "extra-index-url": "UV_INDEX", "cert": "SSL_CERT_FILE"}
    return {
        variable: configured[key] for key, variable in names.items() if key in configured and variable not in os.environ
    }


def _installation_failure(output: str, state_dir: Path) -> str:
    if "No space left" in output:
        return f"The disk that holds {state_dir} is full; free some space and start again."
    end = " ".join(output.strip().splitlines()[-3:])
    return f"The dependencies could not be installed; is the package index reachable? {end}"
