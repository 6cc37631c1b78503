"""`./run backup FOLDER`: database and people's files into a new folder, with a manifest; the keys are never copied."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.audit.actors import OPERATOR
from foundation.primitives.clock import real_now
from foundation.primitives.errors import DomainError
from operations.backup import make_backup


class Command(BaseCommand):
    help = "Back up the database and DATA_DIR into a new folder. Keep the key file elsewhere: the backup needs it and does not contain it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["folder"].expanduser().resolve()
        try:
            made = make_backup(actor=OPERATOR, folder=folder, at=real_now())
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{folder}: {sum(made.rows.values()):,} rows of {len(made.rows)} tables, {len(made.files):,} files, "
            f"{made.size / 2**20:,.1f} MB. It can be read only with the keys {', '.join(made.key_ids) or '(none used)'}, "
            "which it does not contain."
        )
