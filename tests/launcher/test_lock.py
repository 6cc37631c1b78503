"""One launcher per STATE_DIR, whatever way the first one ended."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from launcher.installation import Installation
from launcher.lock import UNKNOWN_HOLDER, Holder, LauncherLock

HOLD = """
import sys, time
from pathlib import Path
from launcher.lock import Holder, LauncherLock
lock = LauncherLock(Path(sys.argv[1]))
assert lock.take(Holder(int(sys.argv[2]), "run", "http://127.0.0.1:8000/", "postgresql:///x", "unix:///y"))
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def lock(installation: Installation) -> LauncherLock:
    return LauncherLock(installation.run_dir)


def hold(run_dir: Path, name: int = 1) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, run_dir, str(name)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def test_second_one_is_refused_and_learns_who_holds_it(installation: Installation, lock: LauncherLock) -> None:
    first = hold(installation.run_dir)
    try:
        assert not lock.take(Holder(2, "run"))
        assert lock.holder() == Holder(1, "run", "http://127.0.0.1:8000/", "postgresql:///x", "unix:///y")
        assert lock.wait_for_servers() == lock.holder()
    finally:
        first.kill()
        first.wait()


def test_killed_holder_leaves_no_lock(installation: Installation, lock: LauncherLock) -> None:
    first = hold(installation.run_dir)
    first.kill()
    first.wait()

    assert lock.holder() is None
    assert lock.wait_for_servers() is None
    assert lock.take(Holder(2, "run"))


def test_record_of_a_killed_launcher_is_not_taken_for_the_new_holders(
    installation: Installation, lock: LauncherLock
) -> None:
    nobody = 2**22 + 1  # above the highest process number
    first = hold(installation.run_dir, nobody)
    try:
        assert lock.holder() == UNKNOWN_HOLDER
    finally:
        first.kill()
        first.wait()


def test_checking_does_not_block_taking(installation: Installation, lock: LauncherLock) -> None:
    other = LauncherLock(installation.run_dir)

    answers = {other.is_held() for _ in range(3)}

    assert answers == {False}
    assert lock.take(Holder(1, "run"))
    assert other.is_held()


def test_owner_waits_for_those_who_joined(lock: LauncherLock, installation: Installation) -> None:
    owner = threading.Thread(target=lambda: LauncherLock(installation.run_dir).wait_for_users().close(), daemon=True)
    with lock.join_users():
        owner.start()
        owner.join(timeout=0.2)
        assert owner.is_alive()

    owner.join(timeout=10)
    assert not owner.is_alive()


def test_release_lets_the_next_one_in(lock: LauncherLock, installation: Installation) -> None:
    assert lock.take(Holder(1, "manage"))
    lock.release()

    assert LauncherLock(installation.run_dir).take(Holder(2, "run"))
