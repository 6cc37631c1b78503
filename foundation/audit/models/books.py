"""Who made a change and who signed in: tables of django-pghistory and django-axes, closed like the audit log.

Both packages own their tables; the proxies here give them our triggers. A context may gain a key while its request lasts, a sign-in its
end; what they state otherwise is never changed, and nothing is deleted. `ContextEntry` puts the contexts, which have no order of their
own, into one that can be sealed.
"""

from __future__ import annotations

import pgtrigger
from axes.models import AccessFailureLog, AccessLog
from django.db import models
from pghistory.models import Context

from foundation.audit.models.append_only import append_only_triggers, no_truncate_trigger

_KEEP_WHAT_IS_STATED = """
    NEW.id := OLD.id;
    NEW.created_at := OLD.created_at;
    NEW.metadata := NEW.metadata || jsonb_strip_nulls(OLD.metadata);
    RETURN NEW;
"""
_ENTER = """
    INSERT INTO audit_contextentry (context_id, created_at, metadata) VALUES (NEW.id, NEW.created_at, NEW.metadata);
    RETURN NULL;
"""


def _refuse_deletion() -> list[pgtrigger.Trigger]:
    return [pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete), no_truncate_trigger()]


class HistoryContext(Context):
    """Who made the changes of one request: user, role, unit and request number, as every history row refers to it."""

    class Meta:
        proxy = True
        triggers = [
            *_refuse_deletion(),
            pgtrigger.Trigger(
                name="keep_what_is_stated",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=_KEEP_WHAT_IS_STATED,
            ),
            pgtrigger.Trigger(name="enter_context", when=pgtrigger.After, operation=pgtrigger.Insert, func=_ENTER),
        ]


class ContextEntry(models.Model):
    """Grain: one context, in the order in which they were written, as it was stated first; made by a trigger."""

    context_id = models.UUIDField(unique=True)
    created_at = models.DateTimeField()
    metadata = models.JSONField()

    class Meta:
        triggers = append_only_triggers()

    def __str__(self) -> str:
        return f"context {self.context_id}"


class SignIn(AccessLog):
    """A sign-in; only its end is added later."""

    class Meta:
        proxy = True
        triggers = [*_refuse_deletion(), pgtrigger.ReadOnly(name="ended_only", exclude=["logout_time"])]


class FailedSignIn(AccessFailureLog):
    """A wrong password or code, or an attempt while locked."""

    class Meta:
        proxy = True
        triggers = append_only_triggers()
