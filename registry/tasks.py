"""Deliveries processed in the background. The rows in state received or checked are the queue; messages only wake a worker."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.db import transaction

from foundation.accounts.actors import system_actor
from foundation.accounts.services import wipe_old_failures
from foundation.accounts.services.idempotency import wipe_old_answers
from foundation.jobs.attempts import MOST_FAILURES
from foundation.jobs.duckdb_connections import wipe_left_spill
from foundation.jobs.waking import wake
from foundation.primitives import clock
from registry.models import Delivery
from registry.selectors.deliveries import list_split_off
from registry.services.receiving import process_delivery
from registry.services.uploading import wipe_stale_uploads

SPILL_KEPT_FOR = timedelta(days=1)


@shared_task(name="registry.tasks.process_delivery_task")
def process_delivery_task(delivery_id: int) -> None:
    """Read, check and apply one waiting delivery; a held one up to its preview. May run twice or never."""
    delivery = Delivery.objects.waiting().select_related("county").filter(pk=delivery_id).first()
    if delivery is not None:
        actor = system_actor(delivery.county)
        process_delivery(actor=actor, delivery_id=delivery_id, at=clock.now(), attempts=MOST_FAILURES, wait=False)
        for other in list_split_off(delivery):
            wake(process_delivery_task, other.pk)


def wake_on_commit(delivery: Delivery) -> None:
    """Wake a worker for a delivery once its row is committed."""
    transaction.on_commit(lambda: wake(process_delivery_task, delivery.pk))


@shared_task(name="registry.tasks.wake_waiting_deliveries")
def wake_waiting_deliveries() -> int:
    """Wake a worker for every delivery that waits, oldest first; return how many were sent."""
    waiting = Delivery.objects.waiting().order_by("id").values_list("id", flat=True)
    return sum(wake(process_delivery_task, delivery_id) for delivery_id in waiting)


@shared_task(name="registry.tasks.wipe_forgotten_uploads")
def wipe_forgotten_uploads() -> int:
    """Delete what is kept for a day: pieces of files never sent to the end, what killed processes spilled, answers for clients,
    failed sign-ins; return how many."""
    at, real_at = clock.now(), clock.real_now()
    left = wipe_left_spill(before=real_at - SPILL_KEPT_FOR) + wipe_old_failures(at=real_at)
    return left + wipe_stale_uploads(at=at, real_at=real_at) + wipe_old_answers(at=at)
