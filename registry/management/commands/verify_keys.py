"""`./run manage verify_keys`: can every ciphertext be decrypted with a key of the ring, and are its blind indexes right."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.audit.actors import OPERATOR
from foundation.primitives.ciphertext_stores import Verified
from registry.services.keys import verify_keys


class Command(BaseCommand):
    help = "Decrypt every ciphertext, compute its blind indexes again, and count the rows of each key."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line per place and key; fail when a row is broken."""
        found = verify_keys(actor=OPERATOR)
        for column in found:
            self._print(column)
        broken = sum(column.broken for column in found)
        if broken:
            raise CommandError(
                f"{broken:,} rows cannot be decrypted or have wrong blind indexes. Is this the right key file?"
            )

    def _print(self, column: Verified) -> None:
        rows = sum(column.rows_of_key.values())
        self.stdout.write(f"{column.place}: {rows:,} rows, {column.broken:,} broken")
        for key_id, count in column.rows_of_key.items():
            self.stdout.write(f"  key {key_id}: {count:,} rows")
        if column.broken_ids:
            self.stdout.write(f"  broken ids: {', '.join(map(str, column.broken_ids))}")
