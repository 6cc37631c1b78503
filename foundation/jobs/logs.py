"""Log lines as JSON, one object a line, with request, actor and task, and without personal data.

The first safeguard is that no code logs a name or a number. The second is here: digit runs as long as an identity number or a
bank card are replaced, and what the database adds to an error (the row itself) is removed.
"""

import json
import logging
import re
from datetime import UTC, datetime

from foundation.jobs.log_context import log_context

LONG_NUMBER = re.compile(r"(?<![0-9])(?:[0-9]{14,18}[0-9Xx])(?![0-9])")
ROW_IN_ERROR = re.compile(r"^(?:DETAIL|CONTEXT|LINE \d+|QUERY):.*(?:\n[ \t].*)*", re.MULTILINE)
REDACTED = "[number]"


def redact(text: str) -> str:
    """Replace numbers of 15 to 19 characters, and the rows a database error quotes."""
    return LONG_NUMBER.sub(REDACTED, ROW_IN_ERROR.sub("[row]", text))


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
            line |= {name: redact(value) if isinstance(value, str) else value for name, value in extra.items()}
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
