"""`./run manage post_interest --county CODE --year YYYY`: post a year's interest to the accounts of a county."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.accounts.actors import system_actor
from foundation.primitives import clock
from foundation.primitives.errors import DomainError
from foundation.primitives.money import format_fen
from foundation.regions.management.arguments import read_county
from payments.services.crediting import post_interest


class Command(BaseCommand):
    help = "Post the interest of a year that is over, once, to every account of a county."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--county", required=True, help="six digits")
        parser.add_argument("--year", required=True, type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        county = read_county(options["county"])
        try:
            posted = post_interest(actor=system_actor(county), year=options["year"], at=clock.now())
        except DomainError as error:
            raise CommandError(f"{error} {error.what_to_do}".strip()) from error
        self.stdout.write(
            f"{posted.accounts:,} accounts  {format_fen(posted.amount_fen)} yuan  at {posted.rate.normalize()} a year"
        )
