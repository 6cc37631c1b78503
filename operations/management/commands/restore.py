"""`./run restore FOLDER`: a backup into an empty installation; checks every hash, every table's row count and every number."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.audit.actors import OPERATOR
from foundation.primitives.errors import DomainError
from operations.restore import restore_backup


class Command(BaseCommand):
    help = (
        "Restore a backup into an empty database and an empty DATA_DIR, with the key file of its installation in place."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            restored = restore_backup(actor=OPERATOR, folder=options["folder"].expanduser().resolve())
        except DomainError as error:
            raise CommandError(f"{error} {error.what_to_do}".strip()) from error
        manifest = restored.manifest
        self.stdout.write(f"Backup of {manifest.made_at}: {len(manifest.files):,} files, every hash is right.")
        for table, rows in manifest.rows.items():
            if rows:
                self.stdout.write(f"  {table:<40} {rows:>12,} rows")
        for column in restored.keys:
            self.stdout.write(f"{column.place}: {sum(column.rows_of_key.values()):,} numbers can be decrypted.")
