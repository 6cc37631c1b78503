"""The words of casework: kinds of gaps and their ranks, desks, states of a case and what may follow which, reasons for closing."""

from collections.abc import Collection

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.constants import ReportKind


class GapKind(TextChoices):
    UNINSURED = "UNINSURED", _("Uninsured")
    DUE_NOT_DRAWING = "DUE_NOT_DRAWING", _("Due, not drawing")
    DRAWING_AFTER_DEATH = "DRAWING_AFTER_DEATH", _("Drawing after death")
    STOP_DUE = "STOP_DUE", _("Deceased: benefit to be stopped")
    CONTRIBUTING_AFTER_DEATH = "CONTRIBUTING_AFTER_DEATH", _("Contributing after death")
    DRAWING_IN_PRISON = "DRAWING_IN_PRISON", _("Drawing in prison")
    DRAWING_BEFORE_60 = "DRAWING_BEFORE_60", _("Drawing before 60")
    DUPLICATE_BENEFIT = "DUPLICATE_BENEFIT", _("Duplicate benefit")
    DUPLICATE_CONTRIBUTION = "DUPLICATE_CONTRIBUTION", _("Duplicate enrolment")
    INVALID_STATUS_PAIR = "INVALID_STATUS_PAIR", _("Invalid status combination")
    MOVED_OUT = "MOVED_OUT", _("Hukou moved out")
    ROLL_ENDED = "ROLL_ENDED", _("On the roll, ended or not insured")
    PAUSED = "PAUSED", _("Benefit paused")
    CERTIFICATION_DUE = "CERTIFICATION_DUE", _("Certification of life due")
    LAPSED = "LAPSED", _("Lapsed")
    TURNING_60 = "TURNING_60", _("Turning 60 soon")
    TURNING_16 = "TURNING_16", _("Turning 16 soon")
    NEW_POOR = "NEW_POOR", _("Newly poor")
    NO_IDENTITY = "NO_IDENTITY", _("No household registration or ID number")
    IDENTITY_CONFLICT = "IDENTITY_CONFLICT", _("Incorrect identity data")
    HUKOU_ELSEWHERE = "HUKOU_ELSEWHERE", _("Hukou elsewhere")
    NOT_FOUND = "NOT_FOUND", _("Cannot be found")
    DEATH_TO_VERIFY = "DEATH_TO_VERIFY", _("Death to be verified")
    NOT_ON_ROLL = "NOT_ON_ROLL", _("Enrolled, not on the roll")
    DATA_STALE = "DATA_STALE", _("Data out of date")


GAP_RANK = {
    GapKind.DRAWING_AFTER_DEATH: 10,
    GapKind.STOP_DUE: 11,
    GapKind.DRAWING_IN_PRISON: 12,
    GapKind.DUPLICATE_BENEFIT: 13,
    GapKind.DRAWING_BEFORE_60: 14,
    GapKind.DUE_NOT_DRAWING: 20,
    GapKind.PAUSED: 21,
    GapKind.CERTIFICATION_DUE: 22,
    GapKind.NOT_ON_ROLL: 28,
    GapKind.DEATH_TO_VERIFY: 29,
    GapKind.UNINSURED: 30,
    GapKind.HUKOU_ELSEWHERE: 31,
    GapKind.NOT_FOUND: 32,
    GapKind.NO_IDENTITY: 33,
    GapKind.NEW_POOR: 34,
    GapKind.TURNING_60: 35,
    GapKind.TURNING_16: 36,
    GapKind.LAPSED: 37,
    GapKind.CONTRIBUTING_AFTER_DEATH: 40,
    GapKind.DUPLICATE_CONTRIBUTION: 41,
    GapKind.MOVED_OUT: 42,
    GapKind.ROLL_ENDED: 43,
    GapKind.INVALID_STATUS_PAIR: 44,
    GapKind.IDENTITY_CONFLICT: 50,
    GapKind.DATA_STALE: 60,
}
"""Money to the dead > 60 and over unpaid > uninsured > soon to be > the rest of the roll > data (docs/gaps.md#rank)."""
FEED_SUBJECT = "feed"
"""Stands where a gap's scheme does when the subject is a feed of the county; the number is then the feed's name."""


class Desk(TextChoices):
    """Whose work a gap is first, by the rule gap_desk of the region."""

    VILLAGE = "village", _("Village")
    TOWNSHIP = "township", _("Township office")
    COUNTY = "county", _("County agency")
    REVIEWER = "reviewer", _("County reviewer")


class CaseState(TextChoices):
    OPEN = "open", _("Open")
    ASSIGNED = "assigned", _("Assigned")
    IN_PROGRESS = "in_progress", _("In progress")
    WAITING_OUTSIDE = "waiting_outside", _("Waiting outside")
    RESOLVED = "resolved", _("Resolved")
    CLOSED_WITH_REASON = "closed_with_reason", _("Closed with reason")
    REOPENED = "reopened", _("Reopened")


WORKING_STATES = (
    CaseState.OPEN,
    CaseState.ASSIGNED,
    CaseState.IN_PROGRESS,
    CaseState.WAITING_OUTSIDE,
    CaseState.REOPENED,
)
CASE_MOVES = {
    CaseState.OPEN: {
        CaseState.ASSIGNED,
        CaseState.WAITING_OUTSIDE,
        CaseState.CLOSED_WITH_REASON,
        CaseState.RESOLVED,
    },
    CaseState.ASSIGNED: {
        CaseState.OPEN,
        CaseState.ASSIGNED,
        CaseState.IN_PROGRESS,
        CaseState.WAITING_OUTSIDE,
        CaseState.RESOLVED,
        CaseState.CLOSED_WITH_REASON,
    },
    CaseState.IN_PROGRESS: {
        CaseState.OPEN,
        CaseState.ASSIGNED,
        CaseState.WAITING_OUTSIDE,
        CaseState.RESOLVED,
        CaseState.CLOSED_WITH_REASON,
    },
    CaseState.WAITING_OUTSIDE: {
        CaseState.OPEN,
        CaseState.ASSIGNED,
        CaseState.IN_PROGRESS,
        CaseState.WAITING_OUTSIDE,
        CaseState.RESOLVED,
        CaseState.CLOSED_WITH_REASON,
    },
    CaseState.RESOLVED: {CaseState.REOPENED},
    CaseState.CLOSED_WITH_REASON: {CaseState.REOPENED},
    CaseState.REOPENED: {
        CaseState.ASSIGNED,
        CaseState.WAITING_OUTSIDE,
        CaseState.RESOLVED,
        CaseState.CLOSED_WITH_REASON,
    },
}


def states_before(after: CaseState) -> list[CaseState]:
    """List the states a case may leave for `after`."""
    return [state for state, allowed in CASE_MOVES.items() if after in allowed]


class CloseReason(TextChoices):
    """Why a case is closed while its gap is open (docs/rules.md R32).

    Not found, hukou elsewhere and the last four need a reviewer; those of BY_APPLICATION are set by a decided application alone.
    """

    NOT_FOUND = "not_found", _("Not found after all contact attempts")
    DECLINED = "declined", _("Declined in person, signed and witnessed")
    WAIVED = "waived", _("Benefit waived in person, signed and witnessed")
    REFUSED = "refused", _("Application refused")
    HUKOU_ELSEWHERE = "hukou_elsewhere", _("Hukou elsewhere; transferred to that county")
    INSURED_ELSEWHERE = "insured_elsewhere", _("Insured elsewhere; the next roll will show it")
    DEAD = "dead", _("Deceased; death report to follow")
    EXEMPT = "exempt", _("Student, soldier, in prison or abroad: no need to enrol")
    REPAIRED_OUTSIDE = "repaired_outside", _("Corrected in the agency's system; the next roll will show it")
    DATA_WRONG = "data_wrong", _("Error in the file; sender notified")
    NO_ACTION_NEEDED = "no_action_needed", _("Checked; no action needed")
    ALIVE = "alive", _("Alive: the report of death is wrong")
    NOT_IN_PRISON = "not_in_prison", _("Not serving a sentence in these months")
    NOT_TWICE = "not_twice", _("Does not draw twice: confirmed by the other scheme")
    OTHER_PERSON = "other_person", _("The record belongs to another person")


BY_APPLICATION = (CloseReason.DECLINED, CloseReason.WAIVED, CloseReason.REFUSED)
"""Reasons nobody chooses: a decided application sets them, and the database asks for its number."""
LEAST_NOTE = 4
"""So many characters, blanks aside, the sentence of a closing has at least; the database asks for them too."""
REFUTED_BY = {
    GapKind.DRAWING_AFTER_DEATH: (CloseReason.ALIVE, CloseReason.OTHER_PERSON),
    GapKind.STOP_DUE: (CloseReason.ALIVE, CloseReason.OTHER_PERSON),
    GapKind.DRAWING_IN_PRISON: (CloseReason.NOT_IN_PRISON, CloseReason.OTHER_PERSON),
    GapKind.DUPLICATE_BENEFIT: (CloseReason.NOT_TWICE, CloseReason.OTHER_PERSON),
}
"""Money to the dead, the imprisoned or twice: a case with such a gap is closed only by what refutes it, with a document
attached, by a reviewer. A payment that must stop is paused or terminated, never closed away (docs/rules.md R32)."""
REFUTING_REASONS = (CloseReason.ALIVE, CloseReason.NOT_IN_PRISON, CloseReason.NOT_TWICE, CloseReason.OTHER_PERSON)


def reasons_to_close(kinds: Collection[str]) -> list[CloseReason]:
    """List the reasons that can close a case with open gaps of these kinds: each must hold for all of its payments at stake.

    Where a death is to be verified, "alive" is one of them: the next night counts on it (docs/rules.md R18).
    """
    refuting = [REFUTED_BY[GapKind(kind)] for kind in kinds if kind in REFUTED_BY]
    if not refuting:
        answer = {CloseReason.ALIVE} if GapKind.DEATH_TO_VERIFY in kinds else set()
        return [
            reason
            for reason in CloseReason
            if reason not in BY_APPLICATION and (reason not in REFUTING_REASONS or reason in answer)
        ]
    return [reason for reason in REFUTING_REASONS if all(reason in reasons for reasons in refuting)]


RESTRICTED_REASONS = {
    CloseReason.NOT_FOUND,
    CloseReason.HUKOU_ELSEWHERE,
    *REFUTING_REASONS,
}
ABOUT_THE_PERSON = (
    CloseReason.NOT_FOUND,
    *BY_APPLICATION,
    CloseReason.HUKOU_ELSEWHERE,
    CloseReason.INSURED_ELSEWHERE,
    CloseReason.DEAD,
    CloseReason.EXEMPT,
    *REFUTING_REASONS,
)
"""Reasons about the person: they need evidence; the database requires it too."""


class EvidenceKind(TextChoices):
    """What a closing rests on."""

    DOCUMENT = "document", _("Document")
    VISIT = "visit", _("Home visit")
    TELEPHONE = "telephone", _("Telephone call")
    DEPARTMENT = "department", _("Confirmation by another department")


NAMED_EVIDENCE = (EvidenceKind.DOCUMENT, EvidenceKind.DEPARTMENT)
"""Evidence others can verify: the document's number, the department and who there said so, must be named."""


class QuestionAbout(TextChoices):
    """What a question is about; the answer returns there."""

    MATCH = "match", _("Possible match")
    CASE = "case", _("Case")
    REPORT = "report", _("Village report")


class QuestionState(TextChoices):
    OPEN = "open", _("Awaiting an answer")
    ANSWERED = "answered", _("Answered")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class AnswerValue(TextChoices):
    YES = "yes", pgettext_lazy("answer", "Yes")
    NO = "no", pgettext_lazy("answer", "No")
    UNCLEAR = "unclear", pgettext_lazy("answer", "Not clear")


class ReviewState(TextChoices):
    """What became of a village's report at the office above it."""

    OPEN = "open", _("To be dealt with")
    ASKED = "asked", _("Village asked again")
    ACCEPTED = "accepted", _("Accepted")
    KNOWN = "known", _("Already on the list")
    DECLINED = "declined", _("Not accepted")


REVIEW_ENDS = (ReviewState.ACCEPTED, ReviewState.KNOWN, ReviewState.DECLINED)


class ContactMeans(TextChoices):
    """How somebody tried to reach a person."""

    VISIT = "visit", _("Home visit")
    TELEPHONE = "telephone", _("Telephone call")
    FAMILY = "family", _("Through the family")
    NEIGHBOURS = "neighbours", _("Through neighbours")


CONTRADICTED_BY_SIGHT = (
    GapKind.NOT_FOUND,
    GapKind.DEATH_TO_VERIFY,
    GapKind.DRAWING_AFTER_DEATH,
    GapKind.STOP_DUE,
    GapKind.CONTRIBUTING_AFTER_DEATH,
)
"""Gaps that somebody's being seen contradicts: then the sighting is a step for the office (docs/rules.md R18)."""
REPORTED_ALREADY = {
    ReportKind.DIED: CloseReason.DEAD,
    ReportKind.CANNOT_BE_FOUND: CloseReason.NOT_FOUND,
}
"""Reports that open work on a person -> the reason under which a case says the same already and stays closed."""
