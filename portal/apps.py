"""The portal app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "portal"
    label = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        """Register the tiles of the administration and the help texts; what they need can be imported only when the apps are loaded."""
        from foundation.web.page_help import register_help
        from foundation.web.tiles import register_tiles
        from portal.administration.tiles import TILES as OF_ADMINISTRATION
        from portal.help_texts import HELP
        from portal.policy_pages.tiles import TILES as OF_POLICY

        register_tiles(*OF_ADMINISTRATION, *OF_POLICY)
        register_help(HELP)
