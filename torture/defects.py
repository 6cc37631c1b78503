"""`./run torture defects [--only NAME ...]`: plants one defect at a time in a copy of the checkout; the nearest tests must notice.

Each file of torture/defects/ is a defect: a header (What, Kind, Test) and a small change of the code (torture/_patches.py). First
all named tests run on the code as it is: they must pass. Then each defect is planted, its tests run until one fails, and the code is
put back; two copies work side by side. A patch whose place is gone is an error. One line a defect, caught, missed or error,
and last `caught N of N`; exit code 1 unless all are caught.
"""

from __future__ import annotations

import argparse
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from launcher import processes
from torture._patches import Patch, PatchError, read_patch
from torture._warm import WarmDatabase

CHECKOUT = Path(__file__).resolve().parents[1]
FOLDER = CHECKOUT / "torture" / "defects"
TEMPLATE = "defects_template"
COPIES = 2
HANGS_SECONDS, ALL_SECONDS = 300, 1800
LEFT_OUT = shutil.ignore_patterns(
    "var", ".git", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", "node_modules"
)
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)
ALL_PASSED, SOME_FAILED = 0, 1  # pytest's exit codes
NOTHING_SAID = "not tried"


@dataclass(frozen=True)
class Outcome:
    """What came of one defect: caught, missed or error, by which test or why, and the seconds it took."""

    patch: str
    kind: str
    state: str
    words: str
    seconds: float


class Copy:
    """A copy of the checkout in which one defect is planted at a time."""

    def __init__(self, folder: Path, place: str, database: WarmDatabase) -> None:
        self.checkout = folder / place
        self._place = place
        self._database = database
        shutil.copytree(CHECKOUT, self.checkout, ignore=LEFT_OUT)

    def try_patch(self, patch: Patch) -> Outcome:
        """Plant a defect, run its tests, put the code back."""
        began = time.monotonic()
        try:
            texts = patch.changed(self.checkout)
        except PatchError as error:
            return Outcome(patch.name, patch.kind, "error", str(error), 0.0)
        originals = {path: (self.checkout / path).read_bytes() for path in texts}
        try:
            for path, text in texts.items():
                self._write(path, text.encode())
            state, words = self._judge(patch)
        finally:
            for path, content in originals.items():
                self._write(path, content)
        return Outcome(patch.name, patch.kind, state, words, time.monotonic() - began)

    def run_tests(
        self, tests: Sequence[str], *words: str, template: str = TEMPLATE, seconds: int = HANGS_SECONDS
    ) -> tuple[int | None, str]:
        """Run pytest; return its exit code (None when it hangs) and what it printed."""
        try:
            done = subprocess.run(
                [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words, *tests],
                cwd=self.checkout,
                env=self._database.environment(template, self._place),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=seconds,
                check=False,
                preexec_fn=processes.die_with_parent(signal.SIGTERM),
            )
        except subprocess.TimeoutExpired:
            return None, ""
        return done.returncode, done.stdout

    def _judge(self, patch: Patch) -> tuple[str, str]:
        template = TEMPLATE
        if any("/migrations/" in path for path in patch.paths):
            template = f"defects_template_{self._place}"
            if problem := self._database.make_template(template, self.checkout):
                return "error", f"its migrations fail: {problem.strip().splitlines()[-1]}"
        code, output = self.run_tests(patch.tests, "-n", "0", "-x", "--tb=no", "--show-capture=no", template=template)
        if code is None:
            return "missed", f"its tests did not end in {HANGS_SECONDS} s"
        if code == ALL_PASSED:
            return "missed", "all its tests pass"
        failed = FAILED.findall(output)
        if code == SOME_FAILED and failed:
            return "caught", failed[0]
        return "error", f"pytest ended with {code}: {' '.join(output.strip().splitlines()[-1:])}"

    def _write(self, path: str, content: bytes) -> None:
        """Write a file of the copy; what Python compiled of it is thrown away, whatever the clock says."""
        target = self.checkout / path
        target.write_bytes(content)
        for compiled in (target.parent / "__pycache__").glob(f"{target.stem}.*.pyc"):
            compiled.unlink()


def main() -> int:
    """Return 0 when every defect was caught."""
    parser = argparse.ArgumentParser(prog="./run torture defects", description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these defects only: names of files without .patch")
    parser.add_argument("--list", action="store_true", help="print the defects and stop")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # what was begun is ended and deleted
    began = time.monotonic()
    paths = sorted(FOLDER.glob("*.patch"))
    known = {path.stem for path in paths}
    wanted = known if arguments.only is None else {name.removesuffix(".patch") for name in arguments.only}
    if unknown := wanted - known:
        print(f"There is no defect {', '.join(sorted(unknown))} in {FOLDER}.", file=sys.stderr)
        return 1
    outcomes, patches = [], []
    for path in paths:
        if path.stem in wanted:
            try:
                patches.append(read_patch(path))
            except PatchError as error:
                outcomes.append(Outcome(path.stem, "", "error", str(error), 0.0))
    if arguments.list:
        for patch in patches:
            print(f"{patch.name:44} {patch.kind:14} {patch.what}")
        return 0
    for outcome in outcomes:
        _print(outcome)
    with tempfile.TemporaryDirectory(prefix="pension-defects-") as name:
        outcomes += _try_all(Path(name), patches)
    caught = sum(outcome.state == "caught" for outcome in outcomes)
    kinds = Counter(outcome.kind for outcome in outcomes if outcome.state == "caught")
    print(
        f"{', '.join(f'{kind} {number}' for kind, number in sorted(kinds.items()))}; {time.monotonic() - began:.0f} s"
    )
    for outcome in outcomes:
        if outcome.state != "caught" and outcome.words != NOTHING_SAID:
            print(f"not caught: {outcome.patch}: {outcome.words}")
    print(f"caught {caught} of {len(outcomes)}")
    return 0 if outcomes and caught == len(outcomes) else 1


def _try_all(folder: Path, patches: Sequence[Patch]) -> list[Outcome]:
    """Try the patches on two copies side by side, after a run of their tests without any."""
    if not patches:
        return []
    database = WarmDatabase(folder)
    try:
        copies = [Copy(folder, str(number), database) for number in range(min(COPIES, len(patches)))]
        if problem := database.make_template(TEMPLATE, copies[0].checkout):
            print(problem)
            return _nothing_said(patches)
        failing = _failing_without(copies[0], patches)
        if failing is None:
            return _nothing_said(patches)
        free: SimpleQueue[Copy] = SimpleQueue()
        for copy in copies:
            free.put(copy)
        printing = threading.Lock()

        def attempt(patch: Patch) -> Outcome:
            copy = free.get()
            try:
                outcome = _outcome_of(patch, failing) or copy.try_patch(patch)
            finally:
                free.put(copy)
            with printing:
                _print(outcome)
            return outcome

        with ThreadPoolExecutor(len(copies)) as pool:
            return list(pool.map(attempt, patches))
    finally:
        database.stop()


def _failing_without(copy: Copy, patches: Iterable[Patch]) -> list[str] | None:
    """Run the named tests on the code as it is; return those that fail, None when they cannot be run."""
    began = time.monotonic()
    tests = sorted({test for patch in patches for test in patch.tests})
    files = {test for test in tests if "::" not in test}
    tests = [each for each in tests if each in files or each.partition("::")[0] not in files]
    code, output = copy.run_tests(tests, "--tb=short", "--show-capture=no", seconds=ALL_SECONDS)
    if code not in (ALL_PASSED, SOME_FAILED):
        print(output or f"They did not end in {ALL_SECONDS} s.")
        print("The tests named in the headers cannot be run on the code as it is: nothing can be said of a defect.")
        return None
    if code == SOME_FAILED:
        print(output)
    print(
        f"without a defect: {output.strip().splitlines()[-1].strip('= ')}; {time.monotonic() - began:.0f} s", flush=True
    )
    return FAILED.findall(output)


def _outcome_of(patch: Patch, failing: Sequence[str]) -> Outcome | None:
    """A test that fails without the defect says nothing of it."""
    for test in failing:
        if any(test.startswith(named.rstrip("/")) for named in patch.tests):
            return Outcome(patch.name, patch.kind, "error", f"fails without it: {test}", 0.0)
    return None


def _nothing_said(patches: Iterable[Patch]) -> list[Outcome]:
    return [Outcome(patch.name, patch.kind, "error", NOTHING_SAID, 0.0) for patch in patches]


def _print(outcome: Outcome) -> None:
    print(f"{outcome.state:7} {outcome.patch:44} {outcome.seconds:5.1f} s  {outcome.words}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
