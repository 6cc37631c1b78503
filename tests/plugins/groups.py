"""Keeps the tests of one xdist_group in one worker: pytest-xdist 3.8 writes the group where pytest 9.2 does not look.

Without it `--dist=loadgroup` spreads every group over all workers, silently. Remove when pytest-xdist names the group itself.
"""

import os

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Append "@group" to the names of grouped tests, which is what the scheduler sorts them by."""
    if "PYTEST_XDIST_WORKER" not in os.environ or not getattr(config.option, "loadgroup", False):
        return
    for item in items:
        groups = sorted({str(mark.args[0]) for mark in item.iter_markers("xdist_group")})
        suffix = f"@{'_'.join(groups)}"
        if groups and not item.nodeid.endswith(suffix):
            item._id = type(item.id).parse(item.nodeid + suffix)
