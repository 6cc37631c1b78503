"""The Django app of the work on gaps."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "casework"

    def ready(self) -> None:
        """Register the tiles; what they need can be imported only when the apps are loaded."""
        from casework.tiles import TILES
        from foundation.web.tiles import register_tiles

        register_tiles(*TILES)
