"""What a report keeps encrypted, opened again: the photo, and the whole telephone and number for a stated purpose. Each recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.audit.models.event import Outcome
from foundation.audit.services import record_event
from foundation.primitives.errors import BadInput, NotFound
from foundation.primitives.masks import mask_id
from registry.models import FieldReport
from registry.selectors.field_reports import get_report
from registry.selectors.numbers import decrypt_number
from registry.selectors.stored_files import ATTACHMENTS, read_stored_file
from registry.services.contact_points import decrypt_telephone
from registry.services.showing import SHORTEST_PURPOSE, count_shown_number


@dataclass(frozen=True)
class ShownReport:
    """A report with its whole telephone and number; empty where it has none."""

    report: FieldReport
    telephone: str
    number: str


def open_photo(*, actor: Actor, report_id: int) -> bytes:
    """Return a report's photo. Effects: audit verb read_report_photo. Errors: NotAllowed; NotFound, also without a photo."""
    actor.demand(Action.VIEW_CASE_DATA)
    report = get_report(actor, report_id)
    if not report.photo_sha256:
        raise NotFound(_("There is no such photo in your unit."), ids=[report_id])
    record_event(
        actor=actor,
        verb="read_report_photo",
        object_type="field_report",
        object_id=report.pk,
        outcome=Outcome.READ,
        detail={"person": report.person_id},
    )
    return read_stored_file(ATTACHMENTS, report.photo_sha256, report.photo_path)


@transaction.atomic
def show_report_details(*, actor: Actor, report_id: int, purpose: str, at: datetime) -> ShownReport:
    """Return the whole telephone and number of a report to a user who states the purpose.

    Effects: audit verb show_number with the purpose; counts towards the hour's limit. Errors: NotAllowed; NotFound outside the unit,
    or with neither; BadInput without a purpose; Conflict above the hour's limit.
    """
    actor.demand(Action.SHOW_NUMBER)
    purpose = " ".join(purpose.split())
    if len(purpose) < SHORTEST_PURPOSE:
        raise BadInput(_("Enter the purpose for viewing the full number."), code="purpose_missing")
    report = get_report(actor, report_id)
    if report.contact is None and report.number_id is None:
        raise NotFound(_("There is no number in this report."), ids=[report_id])
    count_shown_number(actor=actor, county=report.county, shown=("field_report", report.pk), purpose=purpose, at=at)
    return ShownReport(
        report,
        decrypt_telephone(report.contact) if report.contact else "",
        decrypt_number(report.number_id) if report.number_id else "",
    )


def masked_number(report: FieldReport) -> str:
    """Return the number of somebody not on the list as pages show it. One query where there is one."""
    return mask_id(decrypt_number(report.number_id)) if report.number_id else ""
