"""`demo_day [DAY]`: say, or move forward, the business day of the demonstration."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from demo.business_day import morning_of, set_demo_time
from foundation.primitives import clock
from foundation.primitives.errors import DomainError


class Command(BaseCommand):
    help = "Say which day it is in the demonstration, or move it forward to the morning of another day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("day", nargs="?", type=date.fromisoformat, help="the new business day, as 2019-03-01")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["day"] is None:
            self.stdout.write(f"It is {clock.now():%Y-%m-%d %H:%M} in this installation.")
            return
        try:
            row = set_demo_time(to=morning_of(options["day"]), at=clock.real_now())
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"It is {row.business_at:%Y-%m-%d %H:%M} in the demonstration; the web pages follow within half a minute."
        )
