"""What to do now about whom government should pay for and did not yet. Registered with casework by apps.py."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from casework.constants import Desk, GapKind
from casework.next_steps import ASK_VILLAGE, CLOSE_AS_EXEMPT, NextStep, Steps, of_person
from foundation.accounts.permissions import Action

SEE_PLAN = NextStep(
    _("See what the plan of the year says: who is paid for goes into the next batch; who is excluded, see why"),
    _("the list that names the person, of the year it is paid for"),
    Action.PREPARE_BATCH,
    Desk.COUNTY,
    of_person("person_account", _("Contributions and account")),
)

STEPS: Steps = {
    (GapKind.LAPSED, "lapsed_paid_for"): (SEE_PLAN, ASK_VILLAGE, CLOSE_AS_EXEMPT),
    (GapKind.NEW_POOR, "to_be_paid_for"): (SEE_PLAN, ASK_VILLAGE, CLOSE_AS_EXEMPT),
}
