"""`./run test`: every check and test, on this machine as in continuous integration, all of them, whatever fails.

The checks that read the code run one after another beside pytest, whose output streams; a summary ends it all. The
database of the tests comes from tests/plugins/database.py, so a bare `pytest` works the same. The tests that depend on
the database most run again beside it on the PostgreSQL this machine has installed, if it has one.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from launcher import browser, environment, keys, processes, system_postgres
from launcher.errors import LauncherError
from launcher.installation import Installation
from launcher.lock import LauncherLock

POLL_SECONDS = 0.1


class Check(NamedTuple):
    """Its name, what follows "python", and what it needs in the environment."""

    name: str
    words: tuple[str, ...]
    environment: Mapping[str, str] = MappingProxyType({})


READERS = (
    Check("ruff format", ("-m", "ruff", "format", "--check", "--output-format=concise", ".")),
    Check("ruff check", ("-m", "ruff", "check", "--output-format=concise", ".")),
    Check("djlint", ("-m", "djlint", "--lint", "--quiet", "templates")),
    Check("escaping", ("-m", "tests.architecture.escaping")),
    Check("import contract", ("-c", "from importlinter.cli import lint_imports_command as c; c()")),
    Check("migrations", ("manage.py", "makemigrations", "--check", "--dry-run")),
    Check("mypy", ("-m", "mypy")),
)
SECOND_ROUND = (  # what another version of PostgreSQL could break: every migration, and then
    "tests/launcher/test_system_postgres.py",  # that it is another version
    "tests/foundation/audit",  # triggers, histories, seals
    "tests/operations/keys/test_rotation.py",  # a trigger that lets two columns change
    "tests/foundation/regions/test_loading.py",  # ranges and exclusion constraints
    "tests/portal/test_grants.py",  # three roles
    "tests/nightly/test_nights.py::test_a_first_night",  # files received, persons found in them, a night
)


@dataclass(frozen=True)
class Result:
    """How one part went."""

    name: str
    code: int
    seconds: float
    output: str = ""


class Reader:
    """The checks that run beside pytest, one at a time, output kept until the end."""

    def __init__(
        self,
        installation: Installation,
        child_environment: dict[str, str],
        output: Path,
        checks: Sequence[Check],
    ) -> None:
        self.results: list[Result] = []
        self._installation = installation
        self._environment = child_environment
        self._output = output
        self._left = list(checks)
        self._current: tuple[str, subprocess.Popen[bytes], float] | None = None

    def advance(self) -> bool:
        """Begin the next check when the current one has ended; return whether all have."""
        if self._current and self._current[1].poll() is not None:
            name, process, began = self._current
            text = self._output.read_text("utf-8", "replace")
            self.results.append(Result(name, process.returncode, time.monotonic() - began, text))
            self._current = None
        if self._current is None and self._left:
            check = self._left.pop(0)
            self._current = (check.name, self._begin(check), time.monotonic())
        return self._current is None

    def _begin(self, check: Check) -> subprocess.Popen[bytes]:
        with self._output.open("wb") as output:
            return subprocess.Popen(
                [self._installation.python, *check.words],
                cwd=self._installation.checkout,
                env={**self._environment, **check.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=processes.die_with_parent(signal.SIGTERM),
            )


def test(installation: Installation, arguments: Sequence[str]) -> int:
    """Run everything, or only pytest when it is given arguments; return 0 only when all of it is right."""
    began = time.monotonic()
    lock = LauncherLock(installation.run_dir)
    environment.ensure(installation, report=_print_line, with_tests=True, may_remake=not lock.is_held())
    child_environment = os.environ | {"PYTHONUNBUFFERED": "1"} | browser.ensure(installation, report=_print_line)
    child_environment.pop("PYTHONDONTWRITEBYTECODE", None)  # some fifty processes would compile the same modules each
    with tempfile.TemporaryDirectory(prefix="pension-checks-") as name:
        folder = Path(name)
        checks = () if arguments else (*READERS, *_second_round())
        reader = Reader(installation, child_environment | _no_database(folder), folder / "check.out", checks)
        results = _run_beside(reader, installation, child_environment, arguments)
    return _print_results(results, began)


def check(installation: Installation, names: Sequence[str]) -> int:
    """Run the checks that read the code, or those named, on two processors; return 0 only when all of them pass."""
    began = time.monotonic()
    unknown = set(names) - {each.name for each in READERS}
    if unknown:
        known = ", ".join(f'"{each.name}"' for each in READERS)
        raise LauncherError(f"There is no check {', '.join(sorted(unknown))}; there are: {known}.")
    lock = LauncherLock(installation.run_dir)
    environment.ensure(installation, report=_print_line, with_tests=True, may_remake=not lock.is_held())
    wanted = [each for each in READERS if not names or each.name in names]
    with tempfile.TemporaryDirectory(prefix="pension-checks-") as name:
        folder = Path(name)
        child_environment = os.environ | _no_database(folder)
        halves = [[each for each in wanted if (each.name == "mypy") == is_mypy] for is_mypy in (True, False)]
        readers = [
            Reader(installation, child_environment, folder / f"{place}.out", half) for place, half in enumerate(halves)
        ]
        while not all(tuple(reader.advance() for reader in readers)):  # every one is moved on
            time.sleep(POLL_SECONDS)
    return _print_results([result for reader in readers for result in reader.results], began)


def _print_results(results: Sequence[Result], began: float) -> int:
    for result in results:
        if result.code:
            _print_line(f"\n---- {result.name}\n{result.output.rstrip()}")
    _print_line("")
    for result in results:
        _print_line(f"{'ok    ' if result.code == 0 else 'FAILED'} {result.seconds:6.1f} s  {result.name}")
    failed = [result.name for result in results if result.code]
    total = f"{time.monotonic() - began:.1f} s in all"
    _print_line(f"Failed: {', '.join(failed)}. {total}." if failed else f"Everything is right. {total}.")
    return 1 if failed else 0


def _run_beside(
    reader: Reader, installation: Installation, child_environment: dict[str, str], arguments: Sequence[str]
) -> list[Result]:
    """Run pytest in the foreground and the other checks beside it."""
    began = time.monotonic()
    pytest = subprocess.Popen(
        [installation.python, "-m", "pytest", *arguments],
        cwd=installation.checkout,
        env=child_environment,
        preexec_fn=processes.die_with_parent(signal.SIGTERM),
    )
    seconds = 0.0
    read = False
    while not (read and seconds):
        read = reader.advance()
        if pytest.poll() is not None and not seconds:
            seconds = time.monotonic() - began
        time.sleep(POLL_SECONDS)
    return [*reader.results, Result("pytest", pytest.returncode, seconds, "see its output above")]


def _second_round() -> tuple[Check, ...]:
    """The tests that depend on the database most on the PostgreSQL of this machine; none installed is not a failure."""
    found = system_postgres.find()
    if found is None:
        oldest = system_postgres.OLDEST
        _print_line(
            f"This machine has no PostgreSQL {oldest} or newer of its own: the tests run on the bundled one only."
        )
        return ()
    words = ("-m", "pytest", "-q", "-n", "0", *SECOND_ROUND)
    environment = {"DATABASE_URL": "", "POSTGRES_PROGRAMS": str(found.programs)}
    return (Check(f"pytest on PostgreSQL {found.version}", words, environment),)


def _no_database(folder: Path) -> dict[str, str]:
    """Return settings with which the code can be imported although no server runs."""
    key_file = folder / "keys" / "keys.json"
    keys.ensure_key_file(key_file, database_exists=False)
    return {
        "DATABASE_URL": "postgresql:///none?host=/nonexistent",
        "KEY_FILE": str(key_file),
        "STATE_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "poverty_pension.settings.test",
    }


def _print_line(text: str) -> None:
    print(text, file=sys.stdout, flush=True)
