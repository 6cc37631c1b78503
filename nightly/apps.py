"""The nightly app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NightlyConfig(AppConfig):
    name = "nightly"
    label = "nightly"
    verbose_name = _("Nightly runs")

    def ready(self) -> None:
        """Register the tiles and the help of the pages; what they need can be imported only when the apps are loaded."""
        from foundation.web.page_help import register_help
        from foundation.web.tiles import register_tiles
        from nightly.help_texts import HELP
        from nightly.tiles import TILES

        register_tiles(*TILES)
        register_help(HELP)
