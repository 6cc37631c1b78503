"""A night with nobody in it yet."""

from pathlib import Path

import pytest

from tests.hand_made_night import Night


@pytest.fixture
def night(tmp_path: Path) -> Night:
    return Night(tmp_path)
