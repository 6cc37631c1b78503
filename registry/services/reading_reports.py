"""The reading report of a delivery, and what of it must be accepted: below the feed's limits, or worse than the file before."""

from __future__ import annotations

from fractions import Fraction

from foundation.policy.selectors import get_parameters
from foundation.regions.selectors import county_gazetteer
from registry.intake.delivery_contents import DeliveryContents
from registry.intake.places import PlaceFinder
from registry.intake.reading_report import report_reading, warnings
from registry.models import Delivery

LEAST, DROP = "reading_least_share", "reading_most_drop"


def add_report(delivery: Delivery, contents: DeliveryContents) -> None:
    """Add the report of a file's columns to its contents, and a remark for each thing that must be accepted.

    A correction file is none: it has only the lines that were wrong.
    """
    if contents.corrects is not None:
        return
    finder = PlaceFinder(county_gazetteer(delivery.county))
    report = report_reading((sheet for _, sheet in contents.sheets), finder, is_prepared=contents.is_prepared)
    limits = get_parameters((LEAST, DROP), unit=delivery.county, on=delivery.as_of_date)
    before = _report_before(delivery, contents.feed)
    contents.other_parts.report = report.as_json()
    contents.other_parts.remarks += warnings(
        report,
        contents.feed,
        least=limits[LEAST].value.get(contents.feed, {}),
        drop=Fraction(str(limits[DROP].value)),
        before=before.reading["report"] if before else None,
        day=before.as_of_date.isoformat() if before else "",
    )


def _report_before(delivery: Delivery, feed: str) -> Delivery | None:
    """The newest applied file of the feed before this one that has a report; of a list in parts the one of the same name, if any."""
    earlier = Delivery.objects.applied().filter(
        county=delivery.county_id,
        feed=feed,
        corrects=None,
        as_of_date__lt=delivery.as_of_date,
        reading__has_key="report",
    )
    return earlier.order_by("-as_of_date", "-id").first()
