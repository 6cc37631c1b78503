"""seal_audit: seal the rows added to the audit logs since the last seal, as the hourly task does."""

from django.core.management.base import BaseCommand

from foundation.audit.sealing import seal_logs
from foundation.primitives import clock


class Command(BaseCommand):
    help = "Seal the rows added to the audit logs since the last seal."

    def handle(self, **options: object) -> None:
        """Seal, and print what was sealed."""
        for seal in seal_logs(at=clock.real_now()):
            self.stdout.write(f"{seal.log}: ids {seal.from_id} to {seal.to_id}, {seal.row_count} rows")
