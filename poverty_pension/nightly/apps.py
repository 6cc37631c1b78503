"""The nightly app; when ready it tells the morning board how to read the last nights."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NightlyConfig(AppConfig):
    name = "poverty_pension.nightly"
    label = "nightly"
    verbose_name = _("Nightly runs")

    def ready(self) -> None:
        """Register with the portal, which stands below and cannot ask."""
        from poverty_pension.nightly.selectors import list_last_nights
        from poverty_pension.portal.selectors import register_last_nights

        register_last_nights(list_last_nights)
