"""The Django app of coverage; it registers the gaps it finds and the next steps about them with casework, its tiles and help texts."""

from django.apps import AppConfig


class CoverageConfig(AppConfig):
    name = "coverage"

    def ready(self) -> None:
        """Register finders, next steps, tiles and the help of the pages; what they need can be imported only when the apps are loaded."""
        from casework.constants import GapKind
        from casework.finders import GapFinder, register_finder
        from casework.next_steps import register_steps
        from coverage.constants import FOUND_BY_OTHERS
        from coverage.findings.gaps import find_gaps
        from coverage.help_texts import HELP
        from coverage.next_steps import STEPS
        from coverage.presenters.gap_reasons import GAP_REASONS, gap_reason
        from coverage.tiles import TILES
        from foundation.web.page_help import register_help
        from foundation.web.tiles import register_tiles

        register_finder(
            GapFinder(
                app=self.name,
                kinds=frozenset(GapKind) - frozenset(FOUND_BY_OTHERS),
                find=find_gaps,
                reasons=GAP_REASONS,
                reason_words=gap_reason,
            )
        )
        register_steps(self.name, STEPS)
        register_tiles(*TILES)
        register_help(HELP)
