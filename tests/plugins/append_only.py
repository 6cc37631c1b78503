"""Lets a transactional test be cleaned up: append-only tables refuse TRUNCATE.

Only the cleaning between tests is allowed; during a test the tables refuse as in production.
"""

from collections.abc import Iterator

import pgtrigger
import pytest
from django.apps import apps
from django.test import TransactionTestCase


@pytest.fixture(scope="session", autouse=True)
def _flush_passes_append_only_triggers() -> Iterator[None]:
    """Wrap Django's flush after a transactional test."""
    clear = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def empty_append_only_too(case: TransactionTestCase) -> None:
        with pgtrigger.ignore(*_truncate_triggers()):
            clear(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_append_only_too)
        yield


def _truncate_triggers() -> list[str]:
    """Name every trigger that refuses TRUNCATE, as "app.Model:trigger"."""
    return [
        f"{model._meta.label}:{trigger.name}"
        for model in apps.get_models()
        for trigger in getattr(model._meta, "triggers", [])
        if trigger.operation == pgtrigger.Truncate
    ]
