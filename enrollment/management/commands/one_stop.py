"""`./run manage one_stop --county CODE --on DAY --as USER [--dry-run]`: compare whom enrolment could help, propose a batch."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from enrollment.constants import ApplicationKind, Condition, Outcome
from enrollment.services.one_stop import compare, count_compared, propose_batch
from foundation.accounts.management.acting_as import act_as
from foundation.primitives import clock
from foundation.regions.management.arguments import read_county
from foundation.regions.models import Unit


class Command(BaseCommand):
    help = "Compare a county's people with an open gap that enrolment answers, and propose the eligible as one batch."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--county", required=True, help="six digits")
        parser.add_argument("--on", required=True, type=date.fromisoformat, help="the day the conditions are tested on")
        parser.add_argument("--as", required=True, dest="user", help="a user of the demonstration")
        parser.add_argument("--dry-run", action="store_true", help="compare and count only")

    def handle(self, *args: Any, **options: Any) -> None:
        county: Unit = read_county(options["county"])
        at = clock.now()
        actor = act_as(options["user"], county=county, on=clock.today())
        self._print_counts(county, options["on"])
        if not options["dry_run"]:
            batch = propose_batch(actor=actor, persons=None, day=options["on"], note="", at=at)
            self.stdout.write(f"batch {batch.pk}  {batch.eligible:,} to be reviewed and approved")

    def _print_counts(self, county: Unit, day: date) -> None:
        outcomes, reasons = count_compared(compare(county=county, day=day, known=clock.now()))
        for outcome, people in sorted(outcomes.items()):
            word, _blank, kind = outcome.partition(" ")
            label = f"{Outcome(word).label}{f': {ApplicationKind(kind).label}' if kind else ''}"
            self.stdout.write(f"{outcome:28s} {people:>8,}  {label}")
        for reason, people in sorted(reasons.items(), key=lambda each: (-each[1], each[0])):
            self.stdout.write(f"{reason:28s} {people:>8,}  {Condition(reason).label}")
