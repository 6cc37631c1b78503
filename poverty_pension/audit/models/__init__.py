"""The two append-only books: events (who did or saw what) and disclosures (what left the house)."""

from poverty_pension.audit.models.disclosure import Disclosure
from poverty_pension.audit.models.event import AuditEvent

__all__ = ["AuditEvent", "Disclosure"]
