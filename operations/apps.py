"""The operations app, with the deployment checks and the tiles of its own."""

from django.apps import AppConfig
from django.core.checks import register

from operations.deployment import check_data_volume, check_hosts


class OperationsConfig(AppConfig):
    name = "operations"

    def ready(self) -> None:
        """Register what `check --deploy` asks beside Django's own questions, and the tiles, whose models are loaded only now."""
        from foundation.web.tiles import register_tiles
        from operations.tiles import TILES

        register_tiles(*TILES)
        register(check_data_volume, deploy=True)
        register(check_hosts, deploy=True)
