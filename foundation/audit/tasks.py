"""The hourly seal over the books. May run twice or never: the next run seals what is left."""

from celery import shared_task

from foundation.audit.sealing import seal_books
from foundation.primitives import clock


@shared_task(name="audit.tasks.seal_audit")
def seal_audit() -> None:
    """Seal what has come to the books."""
    seal_books(at=clock.now())
