"""The two append-only books: events (who did or saw what) and disclosures (what left the house); the seals over them."""

from poverty_pension.audit.models.disclosure import Disclosure
from poverty_pension.audit.models.event import AuditEvent
from poverty_pension.audit.models.seal import AuditSeal

__all__ = ["AuditEvent", "AuditSeal", "Disclosure"]
