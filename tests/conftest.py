"""What every test may use. The database comes from tests/plugins/database.py, the browser from tests/plugins/chromium.py."""

import os
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.utils.translation import trans_real

from operations.translations import compile_catalogue
from tests.plugins.template import wait_until_migrated

hypothesis.settings.register_profile("same_every_time", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("same_every_time")
pytest_plugins = [
    "tests.plugins.append_only",
    "tests.plugins.chromium",
    "tests.plugins.ciphertexts",
    "tests.plugins.county",
    "tests.plugins.garbage",
    "tests.plugins.groups",
    "tests.plugins.month",
    "tests.plugins.second_factor",
]


def pytest_xdist_auto_num_workers() -> int:
    """One more than processors: browsers and processes that are started keep their worker waiting."""
    return len(os.sched_getaffinity(0))


def pytest_configure(config: pytest.Config) -> None:
    """Make the folders and the Chinese words that `initialise` makes elsewhere; once, before the workers start."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        for folder in (settings.FILE_UPLOAD_TEMP_DIR, Path(settings.STATIC_ROOT)):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        compile_catalogue()
        trans_real._translations.clear()  # type: ignore[attr-defined]  # Django may have read them before they were compiled


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Wait for the database template before this process copies it."""
    wait_until_migrated(Path(os.environ["TEST_TEMPLATE_SIGN"]))
