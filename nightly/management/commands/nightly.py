"""`./run manage nightly --county CODE --as-of DAY`: a night in the foreground; prints seconds per step and the board."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from casework.constants import GapKind
from coverage.constants import Verdict
from foundation.accounts.actors import system_actor
from foundation.jobs.long_work import RunState
from foundation.regions.management.arguments import read_county
from foundation.regions.models import Unit
from nightly.models import NightRun, NightStep
from nightly.presenters import left_out_words
from nightly.sentences import sentence
from nightly.services import request_night, run_night


class Command(BaseCommand):
    help = "Run a county's night in the foreground and print what it found."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--county", required=True, help="six digits")
        parser.add_argument("--as-of", required=True, type=date.fromisoformat, help="the day the data describe")

    def handle(self, *args: Any, **options: Any) -> None:
        county: Unit = read_county(options["county"])
        request = request_night(actor=system_actor(county), county=county, as_of=options["as_of"])
        if request.as_of_date != options["as_of"]:
            raise CommandError(
                _("A nightly run of this county as of %(day)s is already queued or running.")
                % {"day": request.as_of_date}
            )
        run = run_night(request.pk, on_step=self._print_step)
        if run is None:
            raise CommandError(_("Another process is executing this nightly run; see the nightly runs page."))
        if run.state != RunState.DONE:
            raise CommandError(sentence(run.error, run.failure_number))
        self._print_board(run)

    def _print_step(self, step: NightStep) -> None:
        self.stdout.write(f"{step.name:16s} {step.rows or 0:>10,} {step.seconds or 0:>8.2f} s")

    def _print_board(self, run: NightRun) -> None:
        for words in left_out_words(run):
            self.stdout.write(words)
        seconds = sum(step.seconds or 0 for step in run.steps.all())
        self.stdout.write(f"{'':16s} {'':>10} {seconds:>8.2f} s\n")
        for code, persons in run.board["verdicts"].items():
            self.stdout.write(f"{code:8s} {persons:>8,}  {Verdict(code).label}")
        self.stdout.write("")
        for kind, count in run.board["open"].items():
            opened, closed = run.board["opened"].get(kind, 0), run.board["closed"].get(kind, 0)
            self.stdout.write(f"{kind:26s} {count:>7,}  +{opened:,} -{closed:,}  {GapKind(kind).label}")
