"""The two append-only logs: events (who did or saw what) and disclosures (what was given out); and the seals over them."""

from foundation.audit.models.disclosure import Disclosure
from foundation.audit.models.event import AuditEvent
from foundation.audit.models.seal import AuditSeal

__all__ = ["AuditEvent", "AuditSeal", "Disclosure"]
