"""`load_demo`: the demonstration county with its sign-ins, and a summary of what its first night found."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo.loading import COUNTY, load_demo
from demo.models import DemoMark
from demo.people import PASSWORD, PEOPLE
from foundation.jobs.long_work import RunState
from foundation.primitives.errors import Conflict
from nightly.models import NightRun
from nightly.sentences import sentence


class Command(BaseCommand):
    help = "Load the demonstration county where there is none, and print what was found and who can sign in."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--summary", action="store_true", help="only print what was found")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_SIGN_INS:
            raise CommandError("These settings allow no demonstration.")
        if options["summary"]:
            run = NightRun.objects.filter(county__code__startswith=COUNTY, state=RunState.DONE).order_by("-id").first()
        else:
            try:
                run = load_demo(lambda line: self.stdout.write(f"  {line}"))
            except Conflict as error:
                self.stdout.write(str(error))
                return
        if not DemoMark.objects.exists():
            return
        if run is not None and run.state == RunState.DONE:
            self._print_findings(run)
        elif run is not None:
            self.stdout.write(sentence(run.error))
        self._print_sign_ins()

    def _print_findings(self, run: NightRun) -> None:
        verdicts, gaps = run.board["verdicts"], run.board["open"]
        poor = sum(verdicts.values())
        dead = sum(gaps.get(kind, 0) for kind in ("DRAWING_AFTER_DEATH", "STOP_DUE"))
        twice = gaps.get("DUPLICATE_BENEFIT", 0)
        self.stdout.write(
            f"\nThe demo county {COUNTY} as of {run.as_of_date}: {poor:,} poor persons compared with every roll.\n"
            f"  {verdicts.get('1-011', 0):,} are insured here, {verdicts.get('GAP', 0):,} are not insured and need action.\n"
            f"  {gaps.get('DUE_NOT_DRAWING', 0):,} lines of the roll are due and not drawing; {dead:,} draw after a death; "
            f"{twice:,} draw twice.\n"
        )

    def _print_sign_ins(self) -> None:
        self.stdout.write(f"Sign in with the password {PASSWORD} as one of:")
        for person in PEOPLE:
            self.stdout.write(f"  {person.username:14s} {person.role.label}")
