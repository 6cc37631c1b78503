"""The Django app of the work on gaps."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "casework"

    def ready(self) -> None:
        """Register the tiles and the next steps; what they need can be imported only when the apps are loaded."""
        from casework.next_steps import STEPS, register_steps
        from casework.tiles import TILES
        from foundation.web.tiles import register_tiles

        register_steps(self.name, STEPS)
        register_tiles(*TILES)
