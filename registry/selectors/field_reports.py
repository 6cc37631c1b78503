"""Reports of the villages, each in reach of whoever asks; never a whole telephone or number."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.scope import in_scope
from foundation.primitives.errors import NotFound
from registry.models import FieldReport

MOST_SHOWN = 30


def reports_in_scope(actor: Actor) -> QuerySet[FieldReport]:
    """Reports in reach with what a list shows of them; the caller filters, orders and pages."""
    return in_scope(FieldReport.objects.select_related("person", "unit", "county", "contact"), actor)


def get_report(actor: Actor, report_id: int) -> FieldReport:
    """Get one report in reach. One query. Errors: NotFound."""
    report = reports_in_scope(actor).filter(pk=report_id).first()
    if report is None:
        raise NotFound(_("There is no such report in your unit."), ids=[report_id])
    return report


def list_reports_of(actor: Actor, person_ids: Iterable[int]) -> list[FieldReport]:
    """List what was reported of persons in reach, newest first. One query."""
    rows = in_scope(FieldReport.objects.select_related("person", "unit", "county", "contact"), actor, "person__")
    return list(rows.filter(person__in=list(person_ids)).order_by("-observed_on", "-id")[:MOST_SHOWN])


def find_report_with_telephone(actor: Actor, person_ids: Iterable[int]) -> FieldReport | None:
    """Find the newest report of a person in reach that gives a telephone, the telephone loaded masked. One query."""
    rows = in_scope(FieldReport.objects.select_related("contact"), actor)
    return rows.filter(person__in=list(person_ids), contact__isnull=False).order_by("-observed_on", "-id").first()


def list_own_reports(actor: Actor, *, most: int) -> list[FieldReport]:
    """List what the actor reported last, newest first. One query."""
    rows = reports_in_scope(actor).filter(reporter_id=actor.user_id or 0)
    return list(rows.order_by("-received_at", "-id")[:most])
