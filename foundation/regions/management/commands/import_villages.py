"""import_villages FILE [--county CODE]: add the villages of a list to the tree."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from foundation.primitives.errors import DomainError
from foundation.regions.selectors import get_unit
from foundation.regions.services.loading import import_villages


class Command(BaseCommand):
    help = "Add the villages of a list (csv or csv.gz: code, name, level, parent_code). Safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read the file and, to take one county out of a larger list, its code."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--county", metavar="CODE", help="take only this county's villages")

    def handle(self, *, file: Path, county: str | None, **options: object) -> None:
        """Load, and print the result."""
        try:
            loaded = import_villages(file, county=get_unit(code=county) if county else None)
        except DomainError as refusal:
            raise CommandError(f"{refusal} {refusal.what_to_do}".strip()) from refusal
        self.stdout.write(f"villages: {loaded.added} added, {loaded.already_there} already there")
        if loaded.named_otherwise:
            self.stdout.write(f"{loaded.named_otherwise} of them stand in the tree under another name, left as it is")
