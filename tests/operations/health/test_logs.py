"""Log lines: JSON, traceable to request, actor and task, and without personal data."""

import io
import json
import logging
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from hypothesis import given
from hypothesis import strategies as st

from foundation.jobs.log_context import log_context
from foundation.jobs.logs import REDACTED, JsonFormatter, logging_settings, redact
from foundation.primitives import request_number
from foundation.web.middleware import RequestLogMiddleware
from poverty_pension.celery import begin_log_of_task, end_log_of_task, send_request_number

NUMBER = "11010519491231002X"


@pytest.fixture
def written():
    """Return a function that yields the lines logged so far, as objects."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


def test_line_is_one_object_with_time_level_and_logger(written):
    logging.getLogger("registry.intake").warning("two\nlines of %s", "delivery 7")

    (line,) = written()
    assert line["message"] == "two\nlines of delivery 7"
    assert (line["level"], line["logger"]) == ("WARNING", "registry.intake")
    assert line["at"].endswith("+00:00")


@given(
    st.text("0123456789", min_size=14, max_size=18),
    st.sampled_from("0123456789Xx"),
    st.sampled_from(["", "号", "a", " ", "/"]),
)
def test_no_long_number_gets_through(digits, last, around):
    assert redact(f"{around}{digits}{last}{around}") == f"{around}{REDACTED}{around}"


@pytest.mark.parametrize("text", ["2018-12-31", "delivery 1234567890", "1" * 14, "12:30:59.123456", "k2"])
def test_what_is_no_personal_number_stays(text):
    assert redact(text) == text


def test_numbers_in_arguments_errors_and_fields_are_blacked_out(written):
    log = logging.getLogger("x")
    try:
        int(f"bad number {NUMBER}")
    except ValueError:
        log.exception("row %s", NUMBER, extra={"fields": {"where": NUMBER}})

    text = json.dumps(written())
    assert NUMBER not in text
    assert text.count("[number]") == 3
    assert "ValueError" in text


def test_row_quoted_by_a_database_error_is_cut_off(written, db):
    insert, name = "INSERT INTO people VALUES (%s)", "三丰"
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE people (name text PRIMARY KEY) ON COMMIT DROP")
        cursor.execute(insert, [name])
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(insert, [name])
    except DatabaseError:
        logging.getLogger("x").exception("not stored")

    (line,) = written()
    assert name not in line["error"]
    assert "people_pkey" in line["error"]


def test_request_writes_one_line_with_view_status_actor_and_number(written, rf):
    request = rf.get("/persons/?q=张三丰")
    request.actor = SimpleNamespace(user_id=7, client_id=None)
    request.resolver_match = SimpleNamespace(view_name="find_person")
    request_number.remember_request_number("AAAA-BBBB")

    RequestLogMiddleware(lambda _: HttpResponse(status=204))(request)

    request_number.forget_request_number()
    (line,) = written()
    assert {name: line[name] for name in ("request", "actor", "method", "view", "status")} == {
        "request": "AAAA-BBBB", "actor": "user 7", "method": "GET", "view": "find_person", "status": 204,
    }  # fmt: skip
    assert "张三丰" not in json.dumps(line, ensure_ascii=False)
    assert log_context() == {}


def test_page_answers_with_the_number_of_its_line(client, written):
    answer = client.get("/health/live")

    assert [line["request"] for line in written() if line["message"] == "request"] == [answer["X-Request-ID"]]


def test_task_logs_under_the_number_of_the_request_that_sent_it(written):
    headers: dict[str, object] = {}
    request_number.remember_request_number("AAAA-BBBB")
    send_request_number(headers=headers)
    request_number.forget_request_number()

    begin_log_of_task(task_id="t-1", task=SimpleNamespace(request=SimpleNamespace(**headers)))
    logging.getLogger("x").info("working")
    end_log_of_task()
    logging.getLogger("x").info("idle")

    working, idle = written()
    assert (working["request"], working["task"]) == ("AAAA-BBBB", "t-1")
    assert "request" not in idle
    assert "task" not in idle


def test_task_without_a_request_has_no_number():
    begin_log_of_task(task_id="t-2", task=SimpleNamespace(request=SimpleNamespace()))
    assert log_context() == {"task": "t-2"}
    end_log_of_task()


def test_gunicorn_django_and_celery_write_through_the_same_formatter(settings):
    from poverty_pension.settings import gunicorn

    assert settings.LOGGING == gunicorn.logconfig_dict == logging_settings()
    assert {handler["formatter"] for handler in settings.LOGGING["handlers"].values()} == {"json"}
    assert all(not logger.get("handlers") for logger in settings.LOGGING["loggers"].values())
