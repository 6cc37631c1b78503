"""Installations in short temporary folders, and a launcher process to kill."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.installation import CHECKOUT, Installation, make_folders


@pytest.fixture
def state_dir() -> Iterator[Path]:
    """A folder that another account may pass through, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="pension-launcher-"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def installation(state_dir: Path) -> Installation:
    """An installation with its folders made and nothing started."""
    made = Installation(checkout=CHECKOUT, state_dir=state_dir)
    make_folders(made)
    return made
