"""update_translations: bring the Chinese catalogue in line with the code and print what still needs Chinese."""

from django.core.management.base import BaseCommand

from operations.translations import update_catalogue


class Command(BaseCommand):
    help = "Add new strings of code and templates to locale/zh_Hans, drop unused ones, and list those without Chinese."
    requires_system_checks: list[str] = []

    def handle(self, **options: object) -> None:
        """Update the catalogue and print what has no Chinese."""
        missing = update_catalogue()
        for msgid in missing:
            self.stdout.write(msgid)
        self.stderr.write(f"{len(missing)} without Chinese")
