"""`./run manage credit BATCH [--on DAY]`: credit the accounts of a funded batch."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.accounts.actors import system_actor
from foundation.primitives import clock
from foundation.primitives.errors import DomainError
from foundation.primitives.money import format_fen
from payments.models import Batch
from payments.services.crediting import credit_batch


class Command(BaseCommand):
    help = "Credit the accounts of a funded batch, with the subsidies; a second time nothing is posted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("batch", type=int)
        parser.add_argument("--on", type=date.fromisoformat, help="day of posting; today when left out")

    def handle(self, *args: Any, **options: Any) -> None:
        batch = Batch.objects.select_related("county").filter(pk=options["batch"]).first()
        if batch is None:
            raise CommandError(f"There is no batch {options['batch']}.")
        try:
            day = options["on"] or clock.today()
            done = credit_batch(actor=system_actor(batch.county), batch_id=batch.pk, day=day, at=clock.now())
        except DomainError as error:
            raise CommandError(f"{error} {error.what_to_do}".strip()) from error
        self.stdout.write(
            f"batch {done.pk}  {done.state}  {done.line_count:,} lines  {format_fen(done.total_fen)} yuan"
        )
