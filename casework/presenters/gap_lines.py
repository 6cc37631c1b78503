"""The gaps of a row of the work list as chips and words: a page has a hundred, more than a template draws in a few milliseconds."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from casework.presenters.gaps import ShownGap

CHIP = '<span class="chip {}">{}</span>{} <span class="small soft">{}</span>{} '


def gap_lines(gaps: Iterable[ShownGap]) -> SafeString:
    """Draw each gap in one line: its chip, the class of its evidence, its reason, and what keeps it open."""
    return format_html_join(
        "", CHIP, ((gap.tone, gap.label, _evidence_chip(gap), gap.reason, _kept_open(gap)) for gap in gaps)
    )


def gaps_title(gaps: Iterable[ShownGap]) -> str:
    """Return the same as words, for whom the line is too short."""
    return "; ".join(" ".join(part for part in (gap.label, gap.evidence_class, gap.reason) if part) for gap in gaps)


def _evidence_chip(gap: ShownGap) -> str:
    return format_html(' <span class="chip">{}</span>', gap.evidence_class) if gap.evidence_class else ""


def _kept_open(gap: ShownGap) -> str:
    if not gap.kept_open_by_feeds:
        return ""
    words = _("kept open: %(feeds)s out of date") % {"feeds": gap.kept_open_by_feeds}
    return format_html(' <span class="small soft">{}</span>', words)
