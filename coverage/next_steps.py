"""What to do now where only the matching knows the reason of a gap. Registered with casework when the app is ready."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from casework.constants import Desk, GapKind
from casework.next_steps import (
    ASK_VILLAGE,
    CASE,
    CLOSE_AS_EXEMPT,
    COMPARE_CARD,
    PAPERS_TO_DRAW,
    REPAIR_FILE,
    Begin,
    NextStep,
    Steps,
    listed,
)
from casework.next_steps import STEPS as STEPS_OF_KINDS
from coverage.constants import DeskReason
from foundation.accounts.permissions import Action

DECIDE_MATCH = NextStep(
    _("Decide the possible match: compare both sides"),
    _("both records side by side; the village's word where they do not settle it. No visit and no enrolment before"),
    Action.DECIDE_PAIR,
    Desk.COUNTY,
    Begin(
        _("Compare both sides"),
        lambda gap: f"{reverse('possible_matches')}?person={gap.person_id}" if gap.person_id else "",
    ),
)
INCLUDE_DIRECTLY = NextStep(
    _("Explain direct inclusion: aged 60 or over and on no roll, the person may draw without contributions"),
    PAPERS_TO_DRAW,
    begin=CASE,
)
ADVISE = NextStep(
    _("Advise the person in person what the scheme pays; ask again every year. Only a signed refusal closes the case"),
    _("the signed and witnessed statement, where the person still declines"),
    begin=CASE,
)
MERGE = NextStep(
    _("If both are one person, merge them; if not, find out whose number it is"),
    _("ID cards or household registers of both"),
    Action.MERGE_PERSONS,
    Desk.REVIEWER,
    listed("possible_duplicates", _("Possible duplicates")),
)

STEPS: Steps = {
    (GapKind.UNINSURED, DeskReason.UNDECIDED): (DECIDE_MATCH, ASK_VILLAGE),
    (GapKind.UNINSURED, DeskReason.DIRECT_INCLUSION): (INCLUDE_DIRECTLY, ASK_VILLAGE, CLOSE_AS_EXEMPT),
    (GapKind.UNINSURED, DeskReason.ENROLMENT_DECLINED): (ADVISE, CLOSE_AS_EXEMPT),
    (GapKind.UNINSURED, DeskReason.HUKOU_ELSEWHERE): STEPS_OF_KINDS[GapKind.HUKOU_ELSEWHERE, ""],
    (GapKind.UNINSURED, DeskReason.CANNOT_BE_FOUND): STEPS_OF_KINDS[GapKind.NOT_FOUND, ""],
    (GapKind.UNINSURED, DeskReason.NO_NUMBER): STEPS_OF_KINDS[GapKind.NO_IDENTITY, ""],
    (GapKind.UNINSURED, DeskReason.ROLL_ENDED): STEPS_OF_KINDS[GapKind.ROLL_ENDED, ""],
    (GapKind.UNINSURED, DeskReason.ROLL_NOT_INSURED): STEPS_OF_KINDS[GapKind.ROLL_ENDED, ""],
    (GapKind.IDENTITY_CONFLICT, "number_shared"): (MERGE, COMPARE_CARD, REPAIR_FILE),
    (GapKind.IDENTITY_CONFLICT, "number_of_another"): (DECIDE_MATCH, COMPARE_CARD, REPAIR_FILE),
}
