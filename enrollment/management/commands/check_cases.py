"""`./run manage check_cases FILE...`: cases in plain words (docs/cases.md) against the product; nothing of them stays."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from enrollment.management.cases.format import schema
from enrollment.management.cases.running import judge_file


class Command(BaseCommand):
    help = "Run cases against the product and print which are right; exit code 1 when one is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
        parser.add_argument("--schema", action="store_true", help="print the format as JSON schema instead")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["schema"]:
            self.stdout.write(json.dumps(schema(), ensure_ascii=False, indent=2))
            return
        if not options["files"]:
            raise CommandError("Name at least one file of cases.")
        judged = [each for path in options["files"] for each in self._print_file(path)]
        right = sum(judged)
        self.stdout.write(f"{right} of {len(judged)} right")
        if right < len(judged):
            raise SystemExit(1)

    def _print_file(self, path: Path) -> list[bool]:
        self.stdout.write(f"{path}")
        results = []
        for case in judge_file(path):
            self.stdout.write(f"  {'right' if case.is_right else 'WRONG'}  {case.name}")
            for difference in case.differences:
                self.stdout.write(f"         {difference}")
            results.append(case.is_right)
        return results
