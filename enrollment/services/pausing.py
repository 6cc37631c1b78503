"""What a pause for want of certification rests on: the window ended without evidence, and somebody tried to reach the person.

Called by steps.py where such an application is checked and where it is decided. A pause is a decision of people, never the night's.
"""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from casework.constants import ContactMeans
from casework.models import ContactAttempt
from enrollment.certification.windows import Window, find_window
from enrollment.constants import NOT_CERTIFIED, ApplicationKind
from enrollment.models import Application
from enrollment.selectors.applications import get_version
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.errors import Conflict
from registry.constants import ReportSource
from registry.models import FieldReport, Person
from registry.selectors.persons import canonical_id, list_ids_of_person


def demand_pause_rests(application: Application, at: datetime) -> dict[str, object]:
    """Demand what a pause for want of certification rests on; another application rests on its conditions alone.

    Returns what the step keeps: the window's days, the attempts, and that the person is owed a notice (`notice`: "paused"), which is
    printed from the step. Source: docs/rules.md R52.
    Errors: Conflict while the window runs or cannot be told, after evidence came, for a month before the window's end,
    without an attempt to reach the person since the window began, and of those visited at home without a visit.
    """
    details = get_version(application).details
    if application.kind != ApplicationKind.PAUSE or details.get("reason") != NOT_CERTIFIED:
        return {}
    person = Person.objects.select_related("county").get(pk=canonical_id(application.person_id, at))
    today = at.astimezone(BUSINESS_ZONE).date()
    window = find_window(person=person, day=today, known=at)
    if window is None:
        raise Conflict(
            _(
                "Whether life was certified is not known: the person does not draw here, or no list of certifications came."
            ),
            code="certification_unknown",
            what_to_do=_("Load the list of certifications, and run the night."),
            ids=[application.pk],
        )
    _demand_window(application, window, date.fromisoformat(str(details["from_month"])))
    person_ids = list_ids_of_person(person)
    attempts = _count_attempts(person_ids, window.window_first)
    if not attempts:
        raise Conflict(
            _("Nobody has tried to reach the person since the window began on %(day)s.") % {"day": window.window_first},
            code="no_contact_attempt",
            what_to_do=_("Telephone, visit, or ask the village; log the attempt on the person's page."),
            ids=[application.pk],
        )
    if window.needs_visit and not _was_visited(person_ids, window.window_first):
        raise Conflict(
            _("The person is of those who are visited at home, and nobody has gone there since %(day)s.")
            % {"day": window.window_first},
            code="no_home_visit",
            what_to_do=_(
                "Have the village or the township visit the person, and log the visit or report what was seen."
            ),
            ids=[application.pk],
        )
    return {
        "window": [window.window_first.isoformat(), window.window_last.isoformat()],
        "attempts": attempts,
        "notice": "paused",
    }


def _demand_window(application: Application, window: Window, from_month: date) -> None:
    if not window.is_over:
        raise Conflict(
            _("Life may be certified until %(day)s.") % {"day": window.window_last},
            code="window_not_over",
            what_to_do=_("Have the person certified, or wait until the window has ended."),
            ids=[application.pk],
        )
    if from_month < window.pause_from:
        raise Conflict(
            _("The benefit may be paused from %(month)s on, the month after the window.")
            % {"month": f"{window.pause_from:%Y-%m}"},
            code="pause_too_early",
            what_to_do=_("Send the application back, and correct the month."),
            ids=[application.pk],
        )


def _count_attempts(person_ids: list[int], since: date) -> int:
    """Count the logged attempts and the village's reports since a day; an attempt that came with a report is one."""
    attempts = ContactAttempt.objects.filter(case__person__in=person_ids, tried_on__gte=since, report=None)
    reports = FieldReport.objects.filter(person__in=person_ids, observed_on__gte=since)
    return attempts.count() + reports.count()


def _was_visited(person_ids: list[int], since: date) -> bool:
    """Return whether somebody went to the person's home since a day, or whoever reported saw it in person."""
    visits = ContactAttempt.objects.filter(case__person__in=person_ids, tried_on__gte=since, means=ContactMeans.VISIT)
    seen = FieldReport.objects.filter(person__in=person_ids, observed_on__gte=since, source=ReportSource.SEEN)
    return visits.exists() or seen.exists()
