"""Entering evidence of life by hand: a home visit of the village or the office, at the counter, by telephone with picture."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from enrollment.models import LifeEvidence
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.audit.services import record_event
from foundation.policy.selectors import get_parameter
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.errors import BadInput, NotAllowed
from foundation.primitives.personal_texts import hide_numbers
from registry.constants import LifeSource
from registry.selectors.persons import get_person

BY_HAND = (LifeSource.VISIT, LifeSource.AGENCY, LifeSource.PHONE, LifeSource.AGENT, LifeSource.OTHER)
"""How somebody can be seen by whoever enters it; the rest comes with a list."""
LONGEST_NOTE = 500


@transaction.atomic
def record_life_evidence(
    *, actor: Actor, person_id: int, seen_on: date | None, source: str, note: str = "", at: datetime
) -> LifeEvidence:
    """Record that a person was seen alive. The next night closes CERTIFICATION_DUE when the day lies in the window.

    Effects: one LifeEvidence, of the person kept where two were merged; audit verb record_life_evidence. Entered again, it is the one
    there is. Errors: NotAllowed; NotFound outside the unit; BadInput for a source nobody sees by, a day in the future or too long ago.
    """
    actor.demand(Action.FILE_REPORT)
    if actor.user_id is None:
        raise NotAllowed(_("Only a person can say whom they saw."), code="no_person")
    person = get_person(actor, person_id)
    if kept := person.canonical_id:  # type: ignore[attr-defined]
        person = get_person(actor, kept)
    if source not in BY_HAND:
        raise BadInput(_("Choose how the person was seen."), code="source_missing")
    today = at.astimezone(BUSINESS_ZONE).date()
    oldest = today - timedelta(days=int(get_parameter("field_report_oldest_days", unit=person.county, on=today).value))
    if seen_on is None or not oldest <= seen_on <= today:
        raise BadInput(
            _("Enter the day the person was seen: not before %(first)s, and today at the latest.") % {"first": oldest},
            code="day_out_of_range",
        )
    note = hide_numbers(" ".join(note.split()))
    if len(note) > LONGEST_NOTE:
        raise BadInput(
            _("The note is too long: at most %(most)s characters.") % {"most": LONGEST_NOTE}, code="text_too_long"
        )
    evidence, is_new = LifeEvidence.objects.get_or_create(
        person=person,
        seen_on=seen_on,
        source=source,
        defaults={
            "county": person.county,
            "unit": person.unit,
            "note": note,
            "recorded_by": actor.username,
            "recorded_role": actor.role,
            "recorded_at": at,
        },
    )
    if is_new:
        record_event(
            actor=actor,
            verb="record_life_evidence",
            object_type="life_evidence",
            object_id=evidence.pk,
            detail={"person": person.pk, "source": source},
        )
    return evidence
