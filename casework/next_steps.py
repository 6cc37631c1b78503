"""What to do now about each kind of gap: the next steps, who does them, what they need, and the page that begins them. One table.

Casework registers a step for every kind (STEPS). An app above adds steps of its own when it is ready (apps.py), as GapFinder does for
finding: for a kind, they stand before casework's; for one reason of a kind, they stand in place of the kind's. By when is the gap's own
due day; whose desk it is, where a step names none, the region's rule gap_desk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casework.constants import FEED_SUBJECT, CloseReason, Desk, GapKind
from casework.models import Gap
from foundation.accounts.permissions import Action


@dataclass(frozen=True)
class Begin:
    """Where a step begins: the words of its link, and the address for a gap; "#name" is a form of the subject's own page.

    An empty address: the step has no page for this gap, as one of persons has none for a line of a roll.
    """

    label: Promise
    address: Callable[[Gap], str]


@dataclass(frozen=True)
class NextStep:
    """One step: what to do, what it needs, the action it takes, whose it is (empty: the gap's desk), and where it begins."""

    text: Promise
    needed: Promise
    action: Action = Action.TAKE_CASE
    desk: Desk | None = None
    begin: Begin | None = None
    lists_exemptions: bool = False


@dataclass(frozen=True)
class Exemption:
    """A code of the survey list that takes a person out of the uninsured: the reason to close with, and what proves it."""

    code: str
    label: Promise
    reason: CloseReason
    needed: Promise


EXEMPTIONS = (
    Exemption(
        "0-200",
        _("Employee scheme"),
        CloseReason.INSURED_ELSEWHERE,
        _("certificate or contribution record of that scheme"),
    ),
    Exemption(
        "0-201", _("Public-sector scheme"), CloseReason.INSURED_ELSEWHERE, _("certificate of the agency of that scheme")
    ),
    Exemption(
        "0-202",
        _("Insured in another province"),
        CloseReason.INSURED_ELSEWHERE,
        _("certificate of the agency there, with scheme and first month"),
    ),
    Exemption("0-203", _("Student"), CloseReason.EXEMPT, _("school's certificate of enrolment for this term")),
    Exemption("0-204", _("Soldier"), CloseReason.EXEMPT, _("notice of enlistment, or the armed forces office's reply")),
    Exemption("0-205", _("Prisoner"), CloseReason.EXEMPT, _("judgment, or the reply of the prison or of the police")),
    Exemption(
        "0-206", _("Abroad"), CloseReason.EXEMPT, _("exit record or residence permit; the family's word is not enough")
    ),
    Exemption(
        "0-207",
        _("Dead, not cancelled"),
        CloseReason.DEAD,
        _("medical death certificate, cremation certificate, or cancellation of the hukou"),
    ),
    Exemption(
        "0-208",
        _("Resident scheme of another county"),
        CloseReason.INSURED_ELSEWHERE,
        _("certificate of the agency of that county"),
    ),
)
"""The codes 0-200 to 0-208. Source: docs/rules.md R12; what closes a case needs evidence, R32."""

Steps = Mapping[tuple[GapKind, str], Sequence[NextStep]]
"""(kind, reason) -> steps in order; an empty reason stands for every reason without steps of its own."""


def here(name: str, label: Promise) -> Begin:
    """Begin in a form of the subject's own page."""
    return Begin(label, lambda _gap: f"#{name}")


def of_person(route: str, label: Promise) -> Begin:
    """Begin on a page of the person."""
    return Begin(label, lambda gap: reverse(route, args=[gap.person_id]) if gap.person_id else "")


def listed(route: str, label: Promise) -> Begin:
    """Begin on a list."""
    return Begin(label, lambda _gap: reverse(route))


def _of_feed(gap: Gap) -> str:
    return f"{reverse('deliveries')}?feed={gap.roll_no}" if gap.scheme == FEED_SUBJECT else ""


NOTE = here("note", _("Add a note"))
CASE = here("case", _("Go to the case"))
CLOSE = here("close", _("Close with reason"))
PAPERS_TO_ENROL = _("ID card, household register, registration form signed by the person")
PAPERS_TO_DRAW = _(
    "ID card, household register, social security or bank card, benefit application signed by the person"
)
PROOF_OF_DEATH = _("medical death certificate, cremation certificate, or cancellation of the hukou, with the day")

ASK_VILLAGE = NextStep(
    _("Ask the village"),
    _("one question it can answer with yes or no; the case then waits for the answer"),
    desk=Desk.TOWNSHIP,
    begin=here("ask", _("Ask the village")),
)
REPORT = NextStep(
    _("Report what the village knows of the person"),
    _("the day the person was seen, or who said so"),
    Action.FILE_REPORT,
    Desk.VILLAGE,
    of_person("village_person", _("Report")),
)
ENROL = NextStep(
    _("Visit the person, explain the scheme, collect the papers"),
    PAPERS_TO_ENROL,
    begin=CASE,
)
APPLY_FOR_BENEFIT = NextStep(
    _("Tell the person that the benefit is due, and collect the papers"),
    PAPERS_TO_DRAW,
    begin=CASE,
)
CLOSE_AS_EXEMPT = NextStep(
    _("If the person need not enrol or is insured elsewhere, close with the evidence"),
    _("one of the documents below; its number and who issued it go into the closing"),
    Action.CLOSE_CASE_LOW_RISK,
    Desk.COUNTY,
    CLOSE,
    lists_exemptions=True,
)
CLOSE_REFUTED = NextStep(
    _("If the finding is wrong, close the case with what refutes it"),
    _("the document that proves it, attached"),
    Action.CLOSE_CASE_RESTRICTED,
    Desk.REVIEWER,
    CLOSE,
)
COMPARE_CARD = NextStep(
    _("Compare the number and the name with the ID card or the household register"),
    _("the card in your hand; the comparison is recorded"),
    Action.SHOW_NUMBER,
    Desk.TOWNSHIP,
    here("number-on-card", _("Compare with the card")),
)
REPAIR_FILE = NextStep(
    _("Have the sender of the file correct name or number; the correction file of its delivery lists the lines"),
    _("copy of the ID card or of the household register"),
    Action.VIEW_DELIVERIES,
    Desk.COUNTY,
    listed("deliveries", _("Data received")),
)
VERIFY_DEATH = NextStep(
    _("Verify the death with the police or the funeral home"), PROOF_OF_DEATH, desk=Desk.COUNTY, begin=NOTE
)
STOP_PAYMENT = NextStep(
    _("Have the benefit stopped in the pension system from the month after the death, and recover what was paid since"),
    _("proof of the day of death; the bank's statement of payments since"),
    desk=Desk.COUNTY,
    begin=CASE,
)
CORRECT_ROLL = NextStep(
    _("Have the record corrected in the pension system; the next roll closes the gap"),
    _("the person's file at the agency: registration form, contribution and benefit records"),
    desk=Desk.COUNTY,
    begin=CASE,
)
CLOSE_LOW_RISK = NextStep(
    _("If nothing is to be done, close with the reason"),
    _("a sentence; evidence where the reason is about the person"),
    Action.CLOSE_CASE_LOW_RISK,
    Desk.COUNTY,
    CLOSE,
)

STEPS: Steps = {
    (GapKind.UNINSURED, ""): (ENROL, ASK_VILLAGE, CLOSE_AS_EXEMPT),
    (GapKind.NOT_ON_ROLL, ""): (
        NextStep(
            _("See whether the enrolment decided here was entered in the pension system, and have it entered"),
            _("the decided application, with its day and number"),
            desk=Desk.COUNTY,
            begin=CASE,
        ),
        ASK_VILLAGE,
        CLOSE_AS_EXEMPT,
    ),
    (GapKind.NEW_POOR, ""): (ENROL, ASK_VILLAGE, CLOSE_AS_EXEMPT),
    (GapKind.DEATH_TO_VERIFY, ""): (
        VERIFY_DEATH,
        ASK_VILLAGE,
        REPORT,
        NextStep(
            _("Close when it is clear: deceased, or alive (by a reviewer)"),
            PROOF_OF_DEATH,
            Action.CLOSE_CASE_LOW_RISK,
            Desk.COUNTY,
            CLOSE,
        ),
    ),
    (GapKind.NOT_FOUND, ""): (
        NextStep(
            _("Try to reach the person: telephone, family, neighbours, a visit; log each attempt"),
            _("day, means and outcome of each attempt"),
            begin=of_person("person_village", _("Log contact")),
        ),
        ASK_VILLAGE,
        REPORT,
        NextStep(
            _("Close as not found when every attempt has failed"),
            _("the logged attempts, and the village's confirmation"),
            Action.CLOSE_CASE_RESTRICTED,
            Desk.REVIEWER,
            CLOSE,
        ),
    ),
    (GapKind.NO_IDENTITY, ""): (
        NextStep(
            _("Repair the identity: have the police register the person's hukou and issue a number"),
            _("birth certificate, or the village's certificate and the police's reply"),
            begin=NOTE,
        ),
        REPAIR_FILE,
    ),
    (GapKind.IDENTITY_CONFLICT, ""): (COMPARE_CARD, REPAIR_FILE, ASK_VILLAGE),
    (GapKind.HUKOU_ELSEWHERE, ""): (
        NextStep(
            _("Ask the police where the hukou is, and tell the agency there: it enrols the person"),
            _("page of the household register, or the police's reply"),
            desk=Desk.COUNTY,
            begin=NOTE,
        ),
        ASK_VILLAGE,
        NextStep(
            _("Close as hukou elsewhere when that county has taken the person over"),
            _("reply of that county's agency"),
            Action.CLOSE_CASE_RESTRICTED,
            Desk.REVIEWER,
            CLOSE,
        ),
    ),
    (GapKind.TURNING_60, ""): (
        NextStep(
            _("Tell the person before the month of turning 60, and take the benefit application"),
            PAPERS_TO_DRAW,
            begin=CASE,
        ),
        ASK_VILLAGE,
    ),
    (GapKind.TURNING_16, ""): (
        NextStep(_("Enrol the person from the sixteenth birthday on"), PAPERS_TO_ENROL, begin=CASE),
        CLOSE_AS_EXEMPT,
    ),
    (GapKind.LAPSED, ""): (
        NextStep(
            _("Ask why contributions stopped, and have them resumed; for the poor the government pays the lowest tier"),
            _("proof that the person is on one of the lists, in the year it is paid for"),
            begin=CASE,
        ),
        ASK_VILLAGE,
        CLOSE_AS_EXEMPT,
    ),
    (GapKind.DUE_NOT_DRAWING, ""): (APPLY_FOR_BENEFIT, ASK_VILLAGE, CLOSE_LOW_RISK),
    (GapKind.PAUSED, ""): (
        NextStep(
            _("Find out why the benefit is paused; see the person for the life certification, then have it resumed"),
            _("ID card, the person seen or on the telephone by video; bank card where a payment failed"),
            begin=CASE,
        ),
        ASK_VILLAGE,
    ),
    (GapKind.CERTIFICATION_DUE, ""): (ASK_VILLAGE,),
    (GapKind.DRAWING_AFTER_DEATH, ""): (VERIFY_DEATH, STOP_PAYMENT, ASK_VILLAGE, CLOSE_REFUTED),
    (GapKind.STOP_DUE, ""): (VERIFY_DEATH, STOP_PAYMENT, ASK_VILLAGE, CLOSE_REFUTED),
    (GapKind.CONTRIBUTING_AFTER_DEATH, ""): (
        VERIFY_DEATH,
        NextStep(
            _("Have the participation cancelled in the pension system; the heirs are paid the account"),
            _("proof of death, heir's ID card and bank card, proof of kinship"),
            desk=Desk.COUNTY,
            begin=CASE,
        ),
        ASK_VILLAGE,
    ),
    (GapKind.DRAWING_IN_PRISON, ""): (
        NextStep(
            _("Confirm term and place with the prison or the court: probation is not prison"),
            _("judgment, or the reply of the prison"),
            desk=Desk.COUNTY,
            begin=NOTE,
        ),
        NextStep(
            _("Have the benefit paused in the pension system from the month after imprisonment; recover what was paid"),
            _("the same, and the bank's statement of payments since"),
            desk=Desk.COUNTY,
            begin=CASE,
        ),
        CLOSE_REFUTED,
    ),
    (GapKind.DUPLICATE_BENEFIT, ""): (
        NextStep(
            _("Ask the other scheme whether it pays the same person, and since when"),
            _("that scheme's payment record"),
            desk=Desk.COUNTY,
            begin=NOTE,
        ),
        NextStep(
            _("Have the resident benefit stopped and recovered; the account is paid back"),
            _("that record, and the person's written consent where it is offset"),
            desk=Desk.COUNTY,
            begin=CASE,
        ),
        CLOSE_REFUTED,
    ),
    (GapKind.DUPLICATE_CONTRIBUTION, ""): (
        NextStep(
            _("Find out which scheme the person stays in, and have the other record ended"),
            _("contribution records of both, and the person's choice where there is one"),
            desk=Desk.COUNTY,
            begin=CASE,
        ),
        CLOSE_LOW_RISK,
    ),
    (GapKind.DRAWING_BEFORE_60, ""): (
        NextStep(
            _("Compare the birth date with the household register; have the benefit stopped, or the date corrected"),
            _("household register, and the first paper the agency filed"),
            desk=Desk.COUNTY,
            begin=CASE,
        ),
        CLOSE_LOW_RISK,
    ),
    (GapKind.INVALID_STATUS_PAIR, ""): (CORRECT_ROLL, CLOSE_LOW_RISK),
    (GapKind.ROLL_ENDED, ""): (
        NextStep(
            _("Find out why participation ended; enrol the person again if nobody else insures them"),
            PAPERS_TO_ENROL,
            desk=Desk.COUNTY,
            begin=CASE,
        ),
        CLOSE_AS_EXEMPT,
    ),
    (GapKind.MOVED_OUT, ""): (
        NextStep(
            _("Confirm the move with the police; have the record transferred to the county of the new hukou"),
            _("page of the household register, or the police's reply; the transfer form"),
            desk=Desk.COUNTY,
            begin=CASE,
        ),
        CLOSE_LOW_RISK,
    ),
    (GapKind.DATA_STALE, ""): (
        NextStep(
            _("Call the department that sends the list, and load the newest one"),
            _("the list itself, with the day of its data"),
            Action.RECEIVE_DELIVERY,
            Desk.COUNTY,
            Begin(_("Files of this feed"), _of_feed),
        ),
    ),
}

_STEPS: dict[str, Steps] = {}


def register_steps(app: str, steps: Steps) -> None:
    """Make the steps of an app known; registered again, they replace those before."""
    _STEPS[app] = steps


def list_steps(kind: str, reason: str) -> list[NextStep]:
    """List the steps about a kind of gap, or about this reason of it where an app has any; an app's own before casework's."""
    for key in ((GapKind(kind), reason), (GapKind(kind), "")):
        found = [step for app in reversed(_STEPS) for step in _STEPS[app].get(key, ())]
        if found:
            return found
    return []
