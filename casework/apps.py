"""The Django app of the work on gaps."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "casework"

    def ready(self) -> None:
        """Register the tiles, the next steps and the help of the pages; what they need can be imported only when the apps are loaded."""
        from casework.help_texts import HELP
        from casework.next_steps import STEPS, register_steps
        from casework.tiles import TILES
        from foundation.web.page_help import register_help
        from foundation.web.tiles import register_tiles

        register_steps(self.name, STEPS)
        register_tiles(*TILES)
        register_help(HELP)
