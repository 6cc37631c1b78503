"""`./run manage rotate_keys`: close every ciphertext under the current key of the ring. Killed, it goes on where it was."""

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
    help = "Re-encrypt what older keys closed under the current key (made current by `./run keys add`)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate, with a line a second."""
        self._told = monotonic()
        self.stdout.write(f"current key: {settings.KEYS.current_key}")
        try:
            rotated = rotate_keys(actor=OPERATOR, tell=self._tell)
        except (Conflict, CiphertextError) as error:
            raise CommandError(str(error)) from error
        for column in rotated:
            self.stdout.write(f"{column.place}: {column.rows:,} rows closed anew")

    def _tell(self, done: int, total: int) -> None:
        if done >= total or monotonic() - self._told >= SECONDS_BETWEEN_LINES:
            self._told = monotonic()
            self.stdout.write(f"  {done:,} of {total:,}")
