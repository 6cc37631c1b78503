"""The append-only logs: events (who did or saw what), disclosures (what was given out), sign-ins and whose changes; and their seals."""

from foundation.audit.models.books import ContextEntry, FailedSignIn, HistoryContext, SignIn
from foundation.audit.models.disclosure import Disclosure
from foundation.audit.models.event import AuditEvent
from foundation.audit.models.seal import AuditSeal

__all__ = ["AuditEvent", "AuditSeal", "ContextEntry", "Disclosure", "FailedSignIn", "HistoryContext", "SignIn"]
