"""Asking again who declined or waived: a declaration holds for some months, and at the benefit age it is asked anew in any case."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from casework.constants import CaseState, CloseReason
from casework.models import Case
from casework.services.closing import reopen_many
from foundation.accounts.actors import Actor
from foundation.policy.selectors import get_parameters
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.regions.models import Unit

DECLARED = (CloseReason.DECLINED, CloseReason.WAIVED)
_TO_ASK = """
SELECT c.id FROM casework_case c JOIN registry_person p ON p.id = c.person_id
CROSS JOIN LATERAL (SELECT (c.closed_at AT TIME ZONE 'Asia/Shanghai')::date AS declared_on,
    (p.birth_date + make_interval(years => %(age)s))::date AS benefit_birthday) d
WHERE c.id = ANY(%(cases)s) AND (d.declared_on + make_interval(months => %(months)s::int) <= %(today)s
    OR d.declared_on < d.benefit_birthday AND d.benefit_birthday <= %(today)s)
"""


def ask_again(*, actor: Actor, county: Unit, at: datetime) -> int:
    """Open the cases again of people whose declaration is too old, or who reached the benefit age since; return how many.

    The declaration itself is not taken back: what it rules out cannot be told until the person declares again, revokes or applies.
    Called by the night. Effects: cases, their events; audit verb reopen_case. Run again it does nothing more. Three queries, or one.
    Errors: ParameterMissing. Source: docs/rules.md R47.
    """
    closed = Case.objects.filter(
        county=county, state=CaseState.CLOSED_WITH_REASON, close_reason__in=DECLARED, person__isnull=False
    )
    cases = list(closed.values_list("pk", flat=True))
    if not cases:
        return 0
    today = at.astimezone(BUSINESS_ZONE).date()
    rules = get_parameters(("declaration_valid_months", "benefit_age_years"), unit=county, on=today)
    months = None if rules["declaration_valid_months"].is_none_here else rules["declaration_valid_months"].value
    values = {"cases": cases, "months": months, "age": rules["benefit_age_years"].value, "today": today}
    with connection.cursor() as cursor:
        cursor.execute(_TO_ASK, values)
        to_ask = [row[0] for row in cursor.fetchall()]
    note = _("The person is to be asked again: the declaration is old, or the benefit age was reached since.")
    return reopen_many(actor=actor, case_ids=to_ask, reasons=DECLARED, note=note, at=at)
