"""Python's collector of cyclic garbage, out of the way: eight thousand tests are a million objects it would walk again and again."""

from __future__ import annotations

import gc
from collections.abc import Generator

import pytest

NEWEST, MIDDLE, OLDEST = 50_000, 20, 50
"""After how many new objects, and how many times of that, each generation is looked through."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect the tests without it; afterwards it looks less often."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.set_threshold(NEWEST, MIDDLE, OLDEST)
        gc.enable()
