"""The hourly seal over the audit logs. May run twice or never: the next run seals what is left."""

from celery import shared_task

from foundation.audit.sealing import seal_logs
from foundation.primitives import clock


@shared_task(name="audit.tasks.seal_audit")
def seal_audit() -> None:
    """Seal the rows added since the last seal."""
    seal_logs(at=clock.real_now())
