"""schemathesis sends every operation what its description allows and what it forbids, in this process, with a token.

No answer is a 500; each has a described status, media type and schema; what is forbidden is refused, what is allowed is not.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation, BaseSchema

from casework.constants import GapKind
from enrollment.services.preparing import Content, begin_application
from foundation.jobs.long_work import RunState
from nightly.models import NightRun
from poverty_pension.wsgi import application
from tests.enrollment.conftest import office
from tests.named_world import AS_OF, NOW, World, right_number

__all__ = ["office"]
EXAMPLES = int(os.environ.get("API_EXAMPLES", "30"))
"""Of each operation and kind of question; more by hand: API_EXAMPLES=500."""
SETTINGS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
CONFIG = SchemathesisConfig.from_dict({"generation": {"with-security-parameters": False}})
OF_A_SESSION = {"use_after_free", "ensure_resource_availability", "ignored_auth", "max_response_time"}
"""Checks of sequences and of times; a missing or wrong token has tests of its own."""
BEYOND_THE_DOCUMENT = {"/api/v1/deliveries/", "/api/v1/applications/"}
"""A part of a form without a file name is no file; schemathesis sends such parts as well. Which fields a kind of application has, and
what may stand in them, is the service's to say."""


@pytest.fixture
def schema(
    office: World, world: World, db: None, token_of: Callable[..., str], settings: object, tmp_path: Path
) -> Iterator[BaseSchema]:
    """The description of a county with a person, gaps, a night and a delivery, read by a department with every verb."""
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    person = world.person("张三", right_number("99010119500101002"))
    world.verdict(person)
    world.gap(person, GapKind.UNINSURED, "never_enrolled")
    world.gap(None, GapKind.STOP_DUE, roll_no="R7", unit=world.other_township)
    world.delivery(received_by="民政局")
    begin_application(
        actor=world.actor("township"), person_id=person.pk, kind="claim", channel="township", content=Content(), at=NOW
    )
    NightRun.objects.create(
        county=world.county_a, as_of_date=AS_OF, state=RunState.DONE, requested_by="system", requested_at=NOW, finished_at=NOW
    )  # fmt: skip
    load_all_checks()
    with connection_kept():
        yield schemathesis.openapi.from_wsgi("/api/v1/schema?format=json", answer_and_close, config=CONFIG)


def answer_and_close(environ: dict[str, object], start_response: Any) -> list[bytes]:
    """Close the answer as a web server does: uploads are removed then."""
    answer = application(environ, start_response)
    try:
        return [b"".join(answer)]
    finally:
        answer.close()


@contextmanager
def connection_kept() -> Iterator[None]:
    """A request closes its connection at its end; here all of them live in the transaction of one test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def test_every_operation_answers_as_described(world: World, schema: BaseSchema, token_of: Callable[..., str]) -> None:
    headers = {"Authorization": f"Bearer {token_of(world.county_a)}"}
    for operation in schema.get_all_operations():
        assert isinstance(operation, Ok), "the document describes it wrongly"
        ask_everything(operation.ok(), headers)


def ask_everything(operation: APIOperation, headers: dict[str, str]) -> None:
    """Ask what the description of an operation allows, and what it forbids."""
    unfit = OF_A_SESSION | ({"positive_data_acceptance"} if operation.path in BEYOND_THE_DOCUMENT else set())
    checks: Any = [CHECKS.get_one(name) for name in CHECKS.get_all_names() if name not in unfit]

    @SETTINGS
    @given(case=st.one_of(*(operation.as_strategy(mode) for mode in GenerationMode)))
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=headers, checks=checks)

    ask()
