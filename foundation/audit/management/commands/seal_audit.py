"""seal_audit: seal what has come to the audit books since the last seal, as the nightly task does."""

from django.core.management.base import BaseCommand

from foundation.audit.sealing import seal_books
from foundation.primitives import clock


class Command(BaseCommand):
    help = "Seal what has come to the audit books since the last seal."

    def handle(self, **options: object) -> None:
        """Seal, and say what."""
        for seal in seal_books(at=clock.now()):
            self.stdout.write(f"{seal.book}: ids {seal.from_id} to {seal.to_id}, {seal.row_count} rows")
