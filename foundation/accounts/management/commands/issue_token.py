"""issue_token --name NAME --county CODE --verbs VERB... --days N: issue a department's system its token, shown once."""

from argparse import ArgumentParser
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError

from foundation.accounts.actors import system_actor
from foundation.accounts.constants import Verb
from foundation.accounts.services import issue_client_token
from foundation.primitives import clock
from foundation.primitives.errors import DomainError
from foundation.regions.selectors import get_unit


class Command(BaseCommand):
    help = "Issue an API token for a department's system. The token is printed once and stored only as a hash."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read the client's name, county, verbs and days."""
        parser.add_argument("--name", required=True, help="the department's system, as the audit log names it")
        parser.add_argument("--county", required=True, metavar="CODE")
        parser.add_argument("--verbs", required=True, nargs="+", choices=Verb.values)
        parser.add_argument("--days", required=True, type=int, help="how long it works")

    def handle(self, *, name: str, county: str, verbs: list[str], days: int, **options: object) -> None:
        """Issue, and print the token."""
        if days < 1:
            raise CommandError("--days must be at least 1.")
        try:
            unit = get_unit(code=county)
            token, text = issue_client_token(
                actor=system_actor(unit),
                name=name,
                unit=unit,
                verbs=verbs,
                expires_at=clock.real_now() + timedelta(days=days),
            )
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(text)
        self.stderr.write(f"client {token.pk}, {unit.code} {unit.name}, until {token.expires_at:%Y-%m-%d %H:%M}")
