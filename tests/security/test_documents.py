"""What docs/security.md states is what holds: limits by value, keys by module, packages, logs, connections, examples of input rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import reduce
from importlib import import_module
from typing import Any, cast

import pytest
import yaml
from django.apps import apps
from django.conf import settings

from foundation.jobs.logs import logging_settings
from foundation.primitives.errors import BadInput
from foundation.primitives.money import parse_fen
from foundation.primitives.periods import parse_month
from foundation.primitives.resident_id import is_valid
from operations.grants import HIDDEN_COLUMNS, HIDDEN_TABLES
from poverty_pension.settings import base
from registry.intake.dates import read_date
from registry.services.bank_accounts import read_account
from registry.services.papers import KINDS
from tests.security.sources import PARTS, ROOT, imported, trees

TEXT = (ROOT / "docs" / "security.md").read_text("utf-8")
GUARDS = ("hashlib", "hmac", "secrets", "cryptography", "django.core.signing", "django.utils.crypto")


def section(title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


def rows(title: str) -> list[list[str]]:
    """Return the cells of a section's table, without its head."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def value_of(name: str) -> Any:
    """Return what `settings.X` or `package.module.X` holds."""
    if name.startswith("settings."):
        return getattr(settings, name.removeprefix("settings."), None) or getattr(base, name.removeprefix("settings."))
    module, _, constant = name.rpartition(".")
    return getattr(import_module(module), constant)


STATED = re.findall(r"`([\w.]+)` = ([\d_.]+)(?![\w.]*\()", TEXT)


def test_many_limits_are_stated():
    assert len(STATED) >= 15


@pytest.mark.parametrize(("name", "value"), STATED, ids=[name for name, _value in STATED])
def test_a_limit_is_what_the_document_states(name, value):
    held = value_of(name)
    assert held == (float(value) if "." in value else int(value.replace("_", "")))


def test_how_many_sessions_is_stated():
    """test_sessions.py opens several at once and ends them all."""
    assert "any number of sessions" in section("Signing in")


def test_the_ways_in_are_stated():
    """Those of test_access.py: people with password and factor, systems with a token, and what is open to everybody."""
    text = " ".join(section("Signing in").split())
    for words in ("two ways in", "password and second factor", "a department's token"):
        assert words in text


def test_the_least_length_of_a_password_is_stated():
    validators = cast("list[dict[str, Any]]", base.AUTH_PASSWORD_VALIDATORS)
    (least,) = [each["OPTIONS"]["min_length"] for each in validators if "MinimumLength" in each["NAME"]]
    assert f"at least {least} characters" in TEXT


def test_every_module_that_guards_with_cryptography_is_in_the_inventory():
    using = {
        path
        for path, tree in trees(PARTS).items()
        if any(name == each or name.startswith(each + ".") for name in imported(tree) for each in GUARDS)
    }
    listed = set(re.findall(r"`((?:\w+/)+\w+\.py)`", section("Keys and algorithms")))
    assert using - listed == set()
    assert {path for path in listed if not (ROOT / path).is_file()} == set()


def test_every_key_says_how_it_begins_and_ends():
    for cells in rows("Keys and algorithms"):
        assert len(cells) == 5
        assert all(cells), cells


def test_every_table_has_a_level_of_protection():
    levels = rows("Levels of protection")
    named = [word for cells in levels for word in re.findall(r"`([a-z_*]+)`", cells[1])]
    assert len(levels) >= 4
    for model in apps.get_models():
        table = model._meta.db_table
        if model._meta.managed:
            fits = [name for name in named if re.fullmatch(name.replace("*", ".*"), table)]
            assert len(fits) >= 1, table
    assert all(len(cells) == 3 and all(cells) for cells in levels)


def test_what_is_hidden_from_the_reader_is_of_the_highest_level():
    secret = re.findall(r"`([a-z_.*]+)`", rows("Levels of protection")[0][1])
    for table in HIDDEN_TABLES:
        assert any(re.fullmatch(name.replace("*", ".*"), table) for name in secret), table
    for table in HIDDEN_COLUMNS:
        assert any(re.fullmatch(name.replace("*", ".*"), table) for name in secret), table


def test_the_log_goes_where_the_document_says():
    handlers = logging_settings()["handlers"]
    assert handlers == {"console": {"class": "logging.StreamHandler", "formatter": "json"}}
    for path, tree in trees().items():
        assert not {name for name in imported(tree) if name in {"logging.handlers", "syslog"}}, path
    kept = section("Logs")
    assert len(rows("Logs")) >= 5
    for word in ("stderr", "STATE_DIR/logs", "audit_auditevent", "axes_", "seals.jsonl", "UTC"):
        assert word in kept, word


def test_every_service_of_the_compose_file_is_a_party_of_the_connections():
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
    listed = {word for cells in rows("Connections") for word in re.findall(r"`(\w+)`", " ".join(cells[:2]))}
    assert set(services) - listed == set()


RULES: dict[str, Callable[[str], bool]] = {
    "identity number": is_valid,
    "day": lambda text: read_date(text) is not None,
    "month": lambda text: _passes(parse_month, text),
    "amount": lambda text: _passes(parse_fen, text),
    "bank account": lambda text: _passes(read_account, text),
    "attachment": lambda text: any(text.encode().startswith(mark) for mark in KINDS),
}


def _passes(rule: Any, text: str) -> bool:
    try:
        rule(text)
    except (ValueError, BadInput):
        return False
    return True


def test_every_input_rule_does_what_its_examples_say():
    found = rows("Input rules")
    assert {cells[0] for cells in found} >= set(RULES)
    for name, _rule, accepted, refused, *_rest in found:
        if name in RULES:
            for text in re.findall(r"`([^`]+)`", accepted):
                assert RULES[name](text), (name, text)
            for text in re.findall(r"`([^`]+)`", refused):
                assert not RULES[name](text), (name, text)
            assert "`" in accepted
            assert "`" in refused


def test_every_rule_names_code_that_exists():
    for cells in rows("Input rules"):
        for path in re.findall(r"`((?:\w+/)+\w+\.(?:py|sql|yaml))`", cells[-1]):
            assert (ROOT / path).exists(), path


def test_updates_have_their_days():
    days = [int(cells[1].split()[0]) for cells in rows("Packages")]
    assert len(days) >= 3
    assert days == sorted(days)
    assert days[0] <= 7


def test_no_part_of_the_document_is_empty():
    titles = re.findall(r"^## (.+)$", TEXT, re.MULTILINE)
    assert len(titles) == len(set(titles))
    assert reduce(lambda least, title: min(least, len(section(title))), titles, 10_000) > 150
