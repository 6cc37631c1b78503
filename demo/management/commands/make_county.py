"""`make_county`: write a month of an invented county's files, and the truth about them, into a folder.

With `--habits N` it writes N single files instead, each as another sender nobody knows would write it.
"""

import time
from argparse import ArgumentParser
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from demo.county import make_county
from demo.county.dates import last_day
from demo.county.habits import write_strangers


def _month(text: str) -> date:
    return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no time zone


class Command(BaseCommand):
    help = "Write the files departments would send about an invented county, with errors, and the truth beside them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--poor", type=int, help="natural poor persons")
        parser.add_argument("--roll", type=int, help="rows of the resident roll")
        parser.add_argument("--habits", type=int, metavar="N", help="N single files of unknown senders, no county")
        parser.add_argument("--seed", type=int, required=True, help="the same seed writes the same bytes")
        parser.add_argument("--out", type=Path, required=True, help="folder for YYYY-MM/ and truth/")
        parser.add_argument("--county", default="320682", help="six-digit code (default: %(default)s)")
        parser.add_argument("--month", type=_month, default=date(2018, 12, 1), help="YYYY-MM (default: 2018-12)")
        parser.add_argument(
            "--months", type=int, choices=[1, 2], default=1, help="2: also the month after, of the same people"
        )
        parser.add_argument(
            "--format", choices=["files", "parquet"], default="files", help="as sent, or as wide Parquet"
        )
        parser.add_argument(
            "--layout",
            choices=["usual", "variant", "stranger"],
            default="usual",
            help="variant: header words, orders and encodings by seed; stranger: also file names, titles, statuses and days",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["habits"]:
            self._write_strangers(options)
            return
        if options["poor"] is None or options["roll"] is None:
            raise CommandError(_("Give --poor and --roll, or --habits."))
        started = time.monotonic()
        try:
            made = make_county(
                poor=options["poor"],
                roll=options["roll"],
                seed=options["seed"],
                out=options["out"],
                county=options["county"],
                month=options["month"],
                output_format=options["format"],
                layout=options["layout"],
                months=options["months"],
                on_progress=lambda step: self.stdout.write(f"{time.monotonic() - started:6.1f} s  {step}"),
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _("%(files)d files in %(folder)s, expected results in %(truth)s, %(seconds).1f s")
            % {
                "files": len(made.files) * len(made.month_folders),
                "folder": ", ".join(map(str, made.month_folders)),
                "truth": made.truth_folder,
                "seconds": time.monotonic() - started,
            }
        )

    def _write_strangers(self, options: dict[str, Any]) -> None:
        started = time.monotonic()
        try:
            files = write_strangers(
                options["habits"],
                seed=options["seed"],
                out=options["out"],
                county=options["county"],
                month_end=date.fromisoformat(str(last_day(options["month"]))),
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _("%(files)d files in %(folder)s, expected results in %(truth)s, %(seconds).1f s")
            % {
                "files": len(files),
                "folder": options["out"] / "files",
                "truth": options["out"] / "truth",
                "seconds": time.monotonic() - started,
            }
        )
