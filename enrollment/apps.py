"""The enrollment app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnrollmentConfig(AppConfig):
    name = "enrollment"
    verbose_name = _("Enrolment")

    def ready(self) -> None:
        """Register finder, next steps, tiles and help; what they need can be imported only when the apps are loaded."""
        from casework.constants import GapKind
        from casework.finders import GapFinder, register_finder
        from casework.next_steps import register_steps
        from enrollment.certification.finding import certification_reason, find_certification_due
        from enrollment.help_texts import HELP
        from enrollment.next_steps import STEPS
        from enrollment.tiles import TILES
        from foundation.web.page_help import register_help
        from foundation.web.tiles import register_tiles

        register_finder(
            GapFinder(
                app=self.name,
                kinds=frozenset({GapKind.CERTIFICATION_DUE}),
                find=find_certification_due,
                reasons={},
                reason_words=certification_reason,
            )
        )
        register_steps(self.name, STEPS)
        register_tiles(*TILES)
        register_help(HELP)
