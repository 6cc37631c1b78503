"""`./run manage rotate_keys`: re-encrypt every ciphertext with the current key of the ring. Killed, it continues where it was."""

from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from foundation.audit.actors import OPERATOR
from foundation.primitives.ciphertext import CiphertextError
from foundation.primitives.errors import Conflict
from registry.services.keys import rotate_keys

SECONDS_BETWEEN_LINES = 1.0


class Command(BaseCommand):
    help = "Re-encrypt what older keys encrypted with the current key (made current by `./run keys add`)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate, with a line a second."""
        self._reported_at = monotonic()
        self.stdout.write(f"current key: {settings.KEYS.current_key}")
        try:
            rotated = rotate_keys(actor=OPERATOR, report=self._report)
        except (Conflict, CiphertextError) as error:
            raise CommandError(str(error)) from error
        for column in rotated:
            self.stdout.write(f"{column.place}: {column.rows:,} rows re-encrypted")

    def _report(self, done: int, total: int) -> None:
        if done >= total or monotonic() - self._reported_at >= SECONDS_BETWEEN_LINES:
            self._reported_at = monotonic()
            self.stdout.write(f"  {done:,} of {total:,}")
