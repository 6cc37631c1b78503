"""verify_audit [--seal] [--witness FILE]: prove that no row of the audit logs was changed, removed or inserted.

Ends with 1 when something is wrong. FILE is a copy of DATA_DIR/audit/seals.jsonl kept where no user of this server can write.
"""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from foundation.audit.models.seal import SealedLog
from foundation.audit.sealing import seal_logs, verify_log
from foundation.primitives import clock


class Command(BaseCommand):
    help = "Recompute every seal over the audit logs and compare; seal new rows first with --seal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Read whether to seal, and which witness file to compare with."""
        parser.add_argument(
            "--seal", action="store_true", help="seal the rows that are not yet, after verifying the others"
        )
        parser.add_argument("--witness", type=Path, help="a copy of seals.jsonl stored elsewhere")

    def handle(self, *, seal: bool, witness: Path | None, **options: object) -> None:
        """Verify, report, and fail when something is wrong."""
        if witness is not None and not witness.exists():
            raise CommandError(f"There is no file {witness}.")
        problems = 0
        for log in SealedLog:
            found = verify_log(log, witness=witness)
            problems += len(found.problems)
            self.stdout.write(
                f"{log.value}: {found.seals} seals over {found.sealed_rows:,} rows, {found.unsealed_rows:,} not yet sealed"
            )
            for problem in found.problems:
                self.stdout.write(f"  PROBLEM {problem}")
        if problems:
            raise CommandError(f"{problems} problems: inform the auditor, leave the database as it is.")
        if seal:
            for made in seal_logs(at=clock.real_now()):
                self.stdout.write(f"sealed {made.log}: ids {made.from_id} to {made.to_id}, {made.row_count:,} rows")
