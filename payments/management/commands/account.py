"""`./run manage account PERSON_ID --on DAY`: the balance of an individual account by whose money it is, and its entries."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.accounts.actors import system_actor
from foundation.primitives.errors import DomainError
from foundation.primitives.money import format_fen
from payments.selectors.accounts import get_balance, list_entries
from registry.models import Person


class Command(BaseCommand):
    help = "Print the balance of an account at the end of a day, and the entries it is the sum of."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person_id", type=int)
        parser.add_argument("--on", required=True, type=date.fromisoformat)

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person.objects.select_related("county").filter(pk=options["person_id"]).first()
        if person is None:
            raise CommandError(f"There is no person {options['person_id']}.")
        actor = system_actor(person.county)
        try:
            balance = get_balance(actor=actor, person_id=person.pk, on=options["on"])
            entries = list_entries(actor=actor, person_id=person.pk, on=options["on"])
        except DomainError as error:
            raise CommandError(f"{error} {error.what_to_do}".strip()) from error
        for each in entries:
            self.stdout.write(
                f"{each.posted_on}  {each.year}  {each.kind:<14}{each.credit:<12}{each.level:<12}{format_fen(each.amount_fen):>14}"
            )
        for credit, fen in balance.by_credit.items():
            self.stdout.write(f"{credit:<52}{format_fen(fen):>14}")
        self.stdout.write(f"{'balance':<52}{format_fen(balance.total_fen):>14}")
