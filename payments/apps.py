"""The payments app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    name = "payments"
    verbose_name = _("Contributions and benefits")

    def ready(self) -> None:
        """Register the help of the pages; what it needs can be imported only when the apps are loaded."""
        from foundation.web.page_help import register_help
        from payments.help_texts import HELP

        register_help(HELP)
