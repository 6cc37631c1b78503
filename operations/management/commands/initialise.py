"""initialise: everything an installation needs before its first page: folders, schema, grants, divisions, parameters,
translations.

Safe to run at every start: a part that has nothing to do reports it and costs little.
"""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from foundation.policy.services.calendar import load_calendar
from foundation.policy.services.loading import load_parameters
from foundation.policy.services.reading import ParameterFileError
from foundation.regions.services.changing import load_changes
from foundation.regions.services.loading import load_divisions
from operations.grants import apply_grants
from operations.translations import compile_catalogue


class Command(BaseCommand):
    help = "Migrate, load the country's divisions and the parameters, compile the translations."
    requires_system_checks: list[str] = []

    def handle(self, **options: object) -> None:
        """Run the parts in order; print one line each with its seconds."""
        parts: list[tuple[str, Callable[[], str]]] = [
            ("folders", _make_folders),
            ("schema", _migrate),
            ("grants", apply_grants),
            ("divisions", _load_divisions),
            ("parameters", _load_parameters),
            ("catalogue", _compile_translations),
        ]
        for name, part in parts:
            start = perf_counter()
            try:
                outcome = part()
            except ParameterFileError as error:
                raise CommandError(str(error)) from error
            self.stdout.write(f"{name:<11} {outcome:<40} {perf_counter() - start:5.1f} s")


def _make_folders() -> str:
    """Make the folders of static and personal files; the latter with mode 0700."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    for folder in (Path(settings.DATA_DIR), Path(settings.FILE_UPLOAD_TEMP_DIR)):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    return "present"


def _migrate() -> str:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return "nothing to do"
    call_command("migrate", verbosity=0, interactive=False)
    return f"{len(plan)} migrations"


def _load_divisions() -> str:
    loaded = load_divisions()
    load_changes()
    return f"{loaded.added} units added" if loaded.added else "nothing to do"


def _load_parameters() -> str:
    loaded, days = load_parameters(), load_calendar()
    if not loaded.added + loaded.changed + loaded.removed + days:
        return "nothing to do"
    return f"{loaded.added} added, {loaded.changed} changed, {loaded.removed} removed; {days} days"


def _compile_translations() -> str:
    return "compiled" if compile_catalogue() else "nothing to do"
