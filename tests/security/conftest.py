"""The named world, departments' tokens, and the values of a production installation, for the tests of docs/security.md's table."""

from __future__ import annotations

from importlib import import_module, reload

import pytest
from pytest_django import Settings

from poverty_pension.settings import base
from tests.api.conftest import api, token_of
from tests.named_world import queries_within, signed_in, world

__all__ = ["api", "queries_within", "signed_in", "token_of", "world"]
KEPT = {"DEMO_SIGN_INS"}
"""Its check opens and closes a connection of its own."""


@pytest.fixture
def production(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Give this process what production.py sets beyond base.py; a client made afterwards is answered by it."""
    monkeypatch.setenv("ALLOWED_HOSTS", "testserver")
    monkeypatch.setenv("CSRF_TRUSTED_ORIGINS", "https://testserver")
    module = reload(import_module("poverty_pension.settings.production"))
    for name in dir(module):
        if name.isupper() and name not in KEPT and getattr(module, name) != getattr(base, name, None):
            setattr(settings, name, getattr(module, name))
    return settings
