"""The payments app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = _("Contributions and benefits")

    def ready(self) -> None:
        """Register the help of the pages, the tiles and the steps; what they need can be imported only when the apps are loaded."""
        from casework.next_steps import register_steps
        from foundation.web.page_help import register_help
        from foundation.web.tiles import register_tiles
        from payments.help_texts import HELP
        from payments.next_steps import STEPS
        from payments.tiles import TILES

        register_steps(self.name, STEPS)
        register_help(HELP)
        register_tiles(*TILES)
