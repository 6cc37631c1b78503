"""A runaway file meets the limit of its worker: the work ends at once with its own sentence, the process and the machine go on."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import duckdb
import pyarrow as pa
import pytest
from celery import signals
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings

from foundation.jobs import duckdb_connections
from foundation.jobs.duckdb_connections import wipe_left_spill
from foundation.jobs.limits import LEAST_BYTES, default_most_bytes, failure_code
from nightly.sentences import SENTENCES as OF_NIGHTS
from poverty_pension.celery import app, limit_memory_of_child
from registry.intake.errors import SENTENCES as OF_FILES

BEYOND = """
import django, sys
django.setup()
import duckdb, pyarrow as pa
from foundation.jobs.duckdb_connections import open_duckdb
from foundation.jobs.limits import failure_code, limit_memory
limit_memory(2_500 << 20)
ended = []
with open_duckdb() as database:
    told = [database.execute(f"SELECT current_setting('{name}')").fetchone()[0] for name in ("memory_limit", "temp_directory")]
for allocate in (
    lambda: open_duckdb().execute("SELECT string_agg(range::varchar || repeat('x', 500), ',') FROM range(4000000)").fetchall(),
    lambda: bytearray(4 << 30),
    lambda: pa.allocate_buffer(4 << 30),
    lambda: ["x" * 9_999 + str(each) for each in range(400_000)],
):
    try:
        allocate()
    except Exception as error:
        ended.append(failure_code(error))
print(*ended, *told, len(bytearray(1 << 20)), sep="|")
"""


def test_beyond_its_limit_a_process_is_refused_memory_and_goes_on():
    done = subprocess.run(
        [sys.executable, "-c", BEYOND], capture_output=True, text=True, check=True, cwd=settings.BASE_DIR
    )
    *ended, limit, spill, small = done.stdout.strip().splitlines()[-1].split("|")
    assert ended == ["too_much_memory"] * 4, done.stderr
    assert limit == "1.4 GiB"
    assert small == str(1 << 20)
    assert spill.startswith(str(settings.DATA_DIR))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MemoryError(), "too_much_memory"),
        (pa.ArrowMemoryError("malloc of size 1 failed"), "too_much_memory"),
        (duckdb.OutOfMemoryException("x"), "too_much_memory"),
        (SoftTimeLimitExceeded(), "too_long"),
        (OSError(28, "No space left on device"), "disk_full"),
        (ZeroDivisionError(), "unforeseen"),
    ],
)
def test_what_ended_the_work_has_its_sentence_for_files_and_nights(error, code):
    assert failure_code(error) == code
    assert code in OF_FILES
    assert code in OF_NIGHTS


def test_each_child_of_the_worker_is_limited_and_so_is_each_task():
    assert any(receiver() is limit_memory_of_child for _key, receiver, *_rest in signals.worker_process_init.receivers)
    soft, hard = app.conf.task_soft_time_limit, app.conf.task_time_limit
    assert 0 < soft < hard < app.conf.broker_transport_options["visibility_timeout"]
    assert LEAST_BYTES <= settings.WORKER_MOST_BYTES <= default_most_bytes()
    assert 0 < app.conf.worker_max_memory_per_child * 1024 < settings.WORKER_MOST_BYTES


def test_what_a_killed_process_spilled_is_removed_after_a_day(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    left = tmp_path / duckdb_connections.SPILL / "duckdb-4711"
    left.mkdir(parents=True)
    (left / "numbers.tmp").write_bytes(b"x")
    assert wipe_left_spill(before=datetime.now(UTC) - timedelta(days=1)) == 0
    assert wipe_left_spill(before=datetime.now(UTC) + timedelta(days=1)) == 1
    assert not left.exists()
