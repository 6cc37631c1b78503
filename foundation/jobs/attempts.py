"""Work begun again after an unforeseen error or a kill, a bounded number of times; then it ends failed, with a number to quote.

The number stands in the log beside the error; the row and the pages show only the number, because an error may quote a person's data.
"""

from __future__ import annotations

import logging

from django.db import InterfaceError, OperationalError, models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from foundation.jobs.limits import is_limit
from foundation.primitives.request_number import current_request_number, new_request_number

log = logging.getLogger(__name__)

MOST_FAILURES = 3
"""So often a worker begins work that ended with an unforeseen error; whoever runs it in the foreground sees the first one."""
MOST_BEGUN = 10
"""So often work is begun whose process was killed or lost the database: it may be the work that kills it."""
PASSING = (OperationalError, InterfaceError)
"""Errors of the connection: not the fault of the work, and nothing can be recorded while it is down."""


class Attempted(models.Model):
    """The attempts at a piece of work since it last ended, and the number to quote when it failed."""

    attempts = models.PositiveSmallIntegerField(default=0, help_text=_("Begun so often without an end."))
    failure_number = models.CharField(max_length=9, blank=True, help_text=_("To quote; the error is in the log."))
    failed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class BegunTooOften(Exception):
    """Work that was begun MOST_BEGUN times and never ended."""


def begin_attempt(work: Attempted) -> None:
    """Count one more attempt, before the work begins. Errors: BegunTooOften when there were MOST_BEGUN."""
    if work.attempts >= MOST_BEGUN:
        raise BegunTooOften
    type(work)._default_manager.filter(pk=work.pk).update(attempts=F("attempts") + 1)  # noqa: SLF001
    work.attempts += 1


def end_attempts(work: Attempted) -> None:
    """Forget the attempts of work that ended by itself."""
    type(work)._default_manager.filter(pk=work.pk).update(attempts=0)  # noqa: SLF001
    work.attempts = 0


def is_last_attempt(work: Attempted, error: Exception, *, most: int) -> bool:
    """Log an unforeseen error; answer whether the work ends with it, and if so give it its number. At a limit it ends at once.

    Errors: the error itself when it is of the connection, for the next attempt to meet a database again.
    """
    if isinstance(error, PASSING):
        raise error
    number = current_request_number() or new_request_number()
    name = work._meta.model_name  # noqa: SLF001
    log.error("%s %s failed, attempt %s, number %s", name, work.pk, work.attempts, number, exc_info=error)
    if work.attempts < most and not isinstance(error, BegunTooOften) and not is_limit(error):
        return False
    work.failure_number = number
    return True
