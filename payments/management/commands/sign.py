"""`./run manage sign KIND ID --as USER --role ROLE`: one step of a batch of money by a named user of a demonstration."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.accounts.actors import Actor
from foundation.accounts.management.acting_as import act_as
from foundation.primitives import clock
from foundation.primitives.errors import DomainError
from payments.constants import BatchKind, BatchState, Category
from payments.models import Batch
from payments.selectors.batches import list_categories_of_draft
from payments.services.batches import approve_batch, close_batch, fund_batch, request_funds, review_batch
from payments.services.booking import certify_list, check_townships, freeze_batch, read_content


def _certify(actor: Actor, batch: Batch, at: datetime) -> None:
    for category in list_categories_of_draft(batch):
        office = str(Category(category).label)
        certify_list(
            actor=actor, batch_id=batch.pk, category=category, office=office, certified_on=clock.today(), at=at
        )


def _check(actor: Actor, batch: Batch, at: datetime) -> None:
    check_townships(actor=actor, batch_id=batch.pk, codes=None, at=at)


def _freeze(actor: Actor, batch: Batch, at: datetime) -> None:
    freeze_batch(actor=actor, batch_id=batch.pk, at=at)


def _review(actor: Actor, batch: Batch, at: datetime) -> None:
    review_batch(actor=actor, batch_id=batch.pk, at=at)


def _approve(actor: Actor, batch: Batch, at: datetime) -> None:
    approve_batch(actor=actor, batch_id=batch.pk, at=at)


def _request(actor: Actor, batch: Batch, at: datetime) -> None:
    request_funds(actor=actor, batch_id=batch.pk, at=at)


def _fund(actor: Actor, batch: Batch, at: datetime) -> None:
    _count, _total, levels, _hash = read_content(batch)
    voucher = f"{batch.period}-{batch.pk}"
    fund_batch(
        actor=actor, batch_id=batch.pk, amounts=levels, voucher=voucher, received_on=at.astimezone().date(), at=at
    )


def _close(actor: Actor, batch: Batch, at: datetime) -> None:
    close_batch(actor=actor, batch_id=batch.pk, at=at)


STEPS: dict[str, Callable[[Actor, Batch, datetime], None]] = {
    "department": _certify,
    "township": _check,
    "maker": _freeze,
    "reviewer": _review,
    "approver": _approve,
    "request": _request,
    "finance": _fund,
    "close": _close,
}
"""Role -> step, in the order of a batch: a clerk records that the lists are certified; each township checks its people, or a county clerk
records all checks; the maker freezes; reviewer and approver sign; the funds are requested, funded, and after `credit` it is closed."""


class Command(BaseCommand):
    help = f"One step of a batch of money. Roles in order: {', '.join(STEPS)}. Between finance and close: ./run manage credit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=BatchKind.values)
        parser.add_argument("id", type=int)
        parser.add_argument("--as", required=True, dest="user", help="a user of the demonstration")
        parser.add_argument("--role", required=True, choices=list(STEPS))

    def handle(self, *args: Any, **options: Any) -> None:
        batch = Batch.objects.select_related("county").filter(pk=options["id"], kind=options["kind"]).first()
        if batch is None:
            raise CommandError(f"There is no batch {options['id']} of {options['kind']}.")
        actor = act_as(options["user"], county=batch.county, on=clock.today())
        try:
            STEPS[options["role"]](actor, batch, clock.now())
        except DomainError as error:
            raise CommandError(f"{error} {error.what_to_do}".strip()) from error
        batch.refresh_from_db()
        digest = f"  {batch.content_hash}" if batch.state != BatchState.DRAFT else ""
        self.stdout.write(f"batch {batch.pk}  {batch.state}{digest}")
