"""How a file's columns were read, in the reader's language: each field with its column, the reason and the share understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.intake.fields import label_of
from registry.intake.layouts import ReadBy, Reason
from registry.intake.lexicon import cells_kind
from registry.intake.reasons import percent, reason_words
from registry.models import Delivery


@dataclass(frozen=True)
class ShownField:
    """A field: where it was read from, why, and how much of its cells was understood ("" where they are kept as they are)."""

    label: str
    column: str
    reason: str
    understood: str
    is_whole: bool


@dataclass(frozen=True)
class ShownReading:
    """The fields of a file, and the headers of columns nobody used."""

    fields: list[ShownField]
    unused: list[str]


def shown_reading(delivery: Delivery) -> ShownReading | None:
    """Return how a delivery's columns were read; None where nothing was recorded."""
    report = delivery.reading.get("report")
    if not report:
        return None
    return ShownReading([_field(delivery.feed, each) for each in report["fields"]], list(report["unused"]))


def _field(feed: str, stored: Mapping[str, Any]) -> ShownField:
    first, *others = stored["sources"]
    filled, understood = stored.get("filled", 0), stored.get("understood", 0)
    column = _column(first)
    if others:
        more = sum(each["sheets"] for each in others)
        column += " " + ngettext("(otherwise on %(count)s sheet)", "(otherwise on %(count)s sheets)", more) % {
            "count": more
        }
    return ShownField(
        label_of(stored["field"], feed),
        column,
        reason_words(Reason(ReadBy(first["by"]), first["share"]), cells_kind(feed, stored["field"])),
        f"{percent(understood / filled)} · {understood:,} / {filled:,}" if filled else "",
        understood == filled,
    )


def _column(source: Mapping[str, Any]) -> str:
    if not source["column"]:
        return "—"
    return (
        _("%(letter)s: %(header)s") % {"letter": source["column"], "header": source["header"]}
        if source["header"]
        else source["column"]
    )
