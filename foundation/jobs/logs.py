"""Log lines as JSON, one object a line, with request, actor and task, and without personal data.

The first safeguard is that no code logs a name or a number. The second is here: digit runs as long as an identity number, a bank
card or a certificate and mobile telephones are replaced, and what the database adds to an error (the row itself) is removed, also
where an ending of a line is written as a backslash and an n, once or several times over, as Celery does.
"""

import json
import logging
import re
from datetime import UTC, datetime

from foundation.jobs.log_context import log_context

LONG_NUMBER = re.compile(r"(?<![0-9０-９])(?:[0-9０-９]{14,}[0-9０-９XxＸｘ]|1[3-9][0-9]{9})(?![0-9０-９])")
_LINE_END = r"(?:\n|\\+n)"
_REST = rf"(?:(?!{_LINE_END}).)*"
ROW_IN_ERROR = re.compile(
    rf"(?:(?<![A-Za-z])|(?<=\\n))(?:DETAIL|CONTEXT|LINE \d+|QUERY|STATEMENT):{_REST}(?:{_LINE_END}[ \t]{_REST})*"
)
REDACTED = "[number]"


def redact(text: str) -> str:
    """Replace numbers of 15 characters or more, mobile telephones, and the rows a database error quotes."""
    return LONG_NUMBER.sub(REDACTED, ROW_IN_ERROR.sub("[row]", text))


def _redacted(value: object) -> object:
    """Redact the texts of a field, at any depth."""
    if isinstance(value, dict):
        return {_redacted(key): _redacted(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_redacted(each) for each in value]
    written = redact(str(value))
    return value if isinstance(value, int | float | None) and written == str(value) else written


class JsonFormatter(logging.Formatter):
    """Writes time, level, logger, message, request, actor, task; an error with its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redact(record.getMessage()),
            **log_context(),
        }
        extra = getattr(record, "fields", None)
        if isinstance(extra, dict):
            line |= {name: _redacted(value) for name, value in extra.items()}
        if record.exc_info:
            line["error"] = redact(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


def logging_settings(level: str = "INFO") -> dict[str, object]:
    """Return the one configuration of Django, Celery and gunicorn: everything through the root, to stderr."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "foundation.jobs.logs.JsonFormatter"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "axes": {"level": "ERROR"},  # its warnings contain the name that was typed
            "django.server": {"handlers": [], "propagate": True},
            "gunicorn.error": {"handlers": [], "propagate": True, "level": level},
            "gunicorn.access": {"handlers": [], "propagate": False},  # addresses may contain what was searched for
            "celery": {"level": level},
            "celery.worker.strategy": {"level": "WARNING"},  # would repeat the arguments
        },
    }
