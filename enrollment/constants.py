"""The words of enrolment: schemes, rules of the matching, findings, codes, gaps and their reasons, states of a case."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

MODEL_VERSION = 1
"""Of the weights that explain links: matching/weights_1.yaml."""


class Scheme(TextChoices):
    RESIDENT = "resident", _("Resident scheme")
    EMPLOYEE = "employee", _("Employee scheme")
    CIVIL = "civil", _("Public-sector scheme")
    OUTPROV = "outprov", _("Scheme of another province")


class LinkRule(TextChoices):
    SAME_NUMBER = "same_number", _("The same number, the name sounds the same")
    SAME_NUMBER_CLOSE_NAME = "same_number_close_name", _("The same number, a close name and the stated birth date")
    SAME_NUMBER_FORMER_NAME = "same_number_former_name", _("The same number; a former name explains the other name")
    REPAIRED_FILE_NUMBER = "repaired_file_number", _("The file's number has one slip; the name sounds the same")
    REPAIRED_ROLL_NUMBER = "repaired_roll_number", _("The roll's number has one slip; the name sounds the same")
    NAME_BIRTH_VILLAGE = "name_birth_village", _("Name, birth date and village, on neither side a second time")
    TWO_SLIPS = (
        "two_slips",
        _("Two slips in the file's number; the very same name and village, on neither side a second time"),
    )
    NUMBER_OF_ANOTHER = "number_of_another", _("The same number, another name: changed, or somebody else's number")
    NAME_VILLAGE = "name_village", _("Name and village; no number to hold against it")
    NAME_VILLAGE_OTHER_NUMBER = "name_village_other_number", _("Name and village; the two numbers differ")
    BIRTH_VILLAGE_SURNAME = "birth_village_surname", _("Birth date, village and surname; the given name differs")
    NAME_BIRTH = "name_birth", _("Name and birth date; another village, no right number on one side")
    NUMBER_SLIP_OTHER_NAME = (
        "number_slip_other_name",
        _("The file's number has one slip; village and surname, another name"),
    )
    NAME_TWO_SLIPS = (
        "name_two_slips",
        _("Name, and a number of which one or two digits differ; the roll has no villages"),
    )
    NAME_ONLY = "name_only", _("The name alone on a roll without villages; nothing else to hold against it")
    DECIDED_SAME = "decided_same", _("A person decided that it is the same person")


class LinkAction(TextChoices):
    AUTO = "auto", _("Confirmed by rule")
    REVIEW = "review", _("A person decides")


class PairDecision(TextChoices):
    """A clerk's word on a candidate pair."""

    SAME = "same", _("Same person")
    NOT_SAME = "not_same", _("Not the same")
    CANNOT_TELL = "cannot_tell", _("Cannot tell")
    ASK_VILLAGE = "ask_village", _("Ask the village")


FINAL_DECISIONS = (PairDecision.SAME, PairDecision.NOT_SAME)
"""What settles a pair; after the others somebody decides again."""


class PatternState(TextChoices):
    """Where one word on many pairs stands."""

    PROPOSED = "proposed", _("Waits for a second person")
    SIGNED = "signed", _("Signed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    UNDONE = "undone", _("Undone")


class FindingKind(TextChoices):
    """What was found out about a person; each with its evidence."""

    RESIDENT = "resident", _("On the resident roll")
    EMPLOYEE = "employee", _("On the employee roll")
    CIVIL = "civil", _("On the public-sector roll")
    ELSEWHERE = "insured_elsewhere", _("Insured in another province")
    DEATH = "death", _("Death")
    SURVEY = "survey", _("Answer of the household survey")
    HUKOU_OUT = "hukou_out", _("Hukou moved out or cancelled")
    SOLDIER = "soldier", _("Soldier")
    PRISON = "prison", _("In prison")
    STUDENT = "student", _("Student")
    CANDIDATE = "candidate", _("Looks like a line of a roll; undecided")


class Verdict(TextChoices):
    """Code of the survey list (POLICY B6); U16 and GAP have none there."""

    U16 = "U16", _("Under 16")
    DEAD = "0-207", _("Dead, not cancelled")
    HERE = "1-011", _("Insured here")
    CIVIL = "0-201", _("Public-sector scheme")
    EMPLOYEE = "0-200", _("Employee scheme")
    EMPLOYEE_ELSEWHERE = "0-202", _("Insured in another province")
    OTHER = "0-208", _("Resident scheme of another county")
    STUDENT = "0-203", _("Student")
    SOLDIER = "0-204", _("Soldier")
    PRISONER = "0-205", _("Prisoner")
    ABROAD = "0-206", _("Abroad")
    DECLINED = "2-011", _("Declined to enrol")
    GAP = "GAP", _("Uninsured")


class DeskReason(TextChoices):
    """What the clerk reads, and with it who acts next."""

    CONTRIBUTING = "contributing", _("Insured here, contributing")
    LAPSED = "lapsed", _("Insured here, lapsed")
    DRAWING = "drawing", _("Drawing")
    PAUSED = "paused", _("Benefit paused")
    EMPLOYEE = "employee", _("Employee scheme")
    CIVIL = "civil", _("Public-sector scheme")
    ELSEWHERE = "elsewhere", _("Insured in another province")
    UNDER_16 = "under_16", _("Under 16")
    STUDENT = "student", _("Student")
    SOLDIER = "soldier", _("Soldier")
    PRISONER = "prisoner", _("Prisoner")
    ABROAD = "abroad", _("Abroad")
    DEAD = "dead", _("Dead, not cancelled")
    ENROLMENT_DECLINED = "enrolment_declined", _("Declined to enrol")
    CANNOT_BE_FOUND = "cannot_be_found", _("Cannot be found")
    HUKOU_ELSEWHERE = "hukou_elsewhere", _("Hukou is elsewhere")
    NO_NUMBER = "no_number", _("No household registration, no number")
    ROLL_NOT_INSURED = "roll_row_not_insured", _("On the roll with a status that is not insured")
    ROLL_ENDED = "roll_row_terminated", _("On the roll, participation ended")
    DIRECT_INCLUSION = "direct_inclusion", _("60 or over, on no roll: include directly")
    NEVER_ENROLLED = "never_enrolled", _("Never enrolled")
    UNDECIDED = "undecided", _("Undecided: a candidate waits")


class E1Column(TextChoices):
    """The column of the statutory monthly table the person is counted in (POLICY E1)."""

    UNDER_16 = "2_under16", _("Under 16")
    STUDENT = "3_student", _("Students of 16 and over")
    SOLDIER = "4_soldier", _("Soldiers")
    PRISONER = "5_prisoner", _("Prisoners")
    DEAD = "6_dead", _("Dead, not cancelled")
    ABROAD = "7_abroad", _("Abroad")
    RESIDENT = "9_resident", _("Resident scheme")
    EMPLOYEE = "10_employee", _("Employee scheme")
    CIVIL = "11_civil", _("Public-sector scheme")
    WAIVED = "16a_waived", _("Declined")
    NOT_FOUND = "16b_not_found", _("Cannot be found")
    DATA_ERROR = "16c_data_error", _("Data error")
    PUSHED = "16d_pushed", _("Hukou elsewhere, pushed")
    NO_HUKOU = "16e_no_hukou", _("No hukou")
    OTHER = "16f_other", _("Other")


class GapKind(TextChoices):
    UNINSURED = "UNINSURED", _("Uninsured")
    DUE_NOT_DRAWING = "DUE_NOT_DRAWING", _("Due, not drawing")
    DRAWING_AFTER_DEATH = "DRAWING_AFTER_DEATH", _("Drawing after death")
    STOP_DUE = "STOP_DUE", _("Died: stop is due")
    CONTRIBUTING_AFTER_DEATH = "CONTRIBUTING_AFTER_DEATH", _("Contributing after death")
    DRAWING_IN_PRISON = "DRAWING_IN_PRISON", _("Drawing in prison")
    DRAWING_BEFORE_60 = "DRAWING_BEFORE_60", _("Drawing before 60")
    DUPLICATE_BENEFIT = "DUPLICATE_BENEFIT", _("Drawing twice")
    DUPLICATE_CONTRIBUTION = "DUPLICATE_CONTRIBUTION", _("Enrolled twice")
    INVALID_STATUS_PAIR = "INVALID_STATUS_PAIR", _("Invalid pair of statuses")
    MOVED_OUT = "MOVED_OUT", _("Hukou moved out")
    ROLL_ENDED = "ROLL_ENDED", _("Ended or not insured on the roll")
    PAUSED = "PAUSED", _("Benefit paused")
    LAPSED = "LAPSED", _("Lapsed")
    TURNING_60 = "TURNING_60", _("Turning 60 soon")
    TURNING_16 = "TURNING_16", _("Turning 16 soon")
    NEW_POOR = "NEW_POOR", _("Newly poor")
    NO_IDENTITY = "NO_IDENTITY", _("No household registration, no number")
    IDENTITY_CONFLICT = "IDENTITY_CONFLICT", _("Identity data wrong")
    HUKOU_ELSEWHERE = "HUKOU_ELSEWHERE", _("Hukou is elsewhere")
    NOT_FOUND = "NOT_FOUND", _("Cannot be found")
    DATA_STALE = "DATA_STALE", _("Data out of date")


GAP_RANK = {
    GapKind.DRAWING_AFTER_DEATH: 10,
    GapKind.STOP_DUE: 11,
    GapKind.DRAWING_IN_PRISON: 12,
    GapKind.DUPLICATE_BENEFIT: 13,
    GapKind.DRAWING_BEFORE_60: 14,
    GapKind.DUE_NOT_DRAWING: 20,
    GapKind.PAUSED: 21,
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
"""Money to the dead > 60 and over unpaid > uninsured > soon to be > the rest of the roll > data (DESIGN.md 5)."""

FEED_SUBJECT = "feed"
"""Stands where a gap's scheme does when the subject is a feed of the county; the number is then the feed's name."""

_LISTS = ("poverty", "dibao", "tekun")
_EVERY_SCHEME = ("resident", "employee", "civil", "outprov")
GAP_FEEDS: dict[GapKind, tuple[str, ...]] = {
    GapKind.UNINSURED: (),
    GapKind.DUE_NOT_DRAWING: ("resident",),
    GapKind.PAUSED: ("resident",),
    GapKind.DRAWING_AFTER_DEATH: ("resident", "deaths"),
    GapKind.STOP_DUE: ("resident", "deaths"),
    GapKind.CONTRIBUTING_AFTER_DEATH: ("resident", "deaths"),
    GapKind.DRAWING_IN_PRISON: ("resident", "prison"),
    GapKind.DUPLICATE_BENEFIT: _EVERY_SCHEME,
    GapKind.DUPLICATE_CONTRIBUTION: _EVERY_SCHEME,
    GapKind.DRAWING_BEFORE_60: ("resident",),
    GapKind.INVALID_STATUS_PAIR: ("resident",),
    GapKind.ROLL_ENDED: ("resident",),
    GapKind.LAPSED: ("resident",),
    GapKind.MOVED_OUT: ("resident", "hukou"),
    GapKind.NO_IDENTITY: _LISTS,
    GapKind.IDENTITY_CONFLICT: (*_LISTS, "resident"),
    GapKind.HUKOU_ELSEWHERE: ("poverty", "hukou", "survey"),
    GapKind.NOT_FOUND: ("survey",),
    GapKind.NEW_POOR: (),
    GapKind.TURNING_60: (),
    GapKind.TURNING_16: (),
    GapKind.DATA_STALE: (),
}
"""The feeds that must be fresh for a gap of the kind to close. None: time closes it, or the new code does (VERDICT_FEEDS)."""

UNINSURED_KINDS = (
    GapKind.UNINSURED,
    GapKind.HUKOU_ELSEWHERE,
    GapKind.NOT_FOUND,
    GapKind.NO_IDENTITY,
    GapKind.NEW_POOR,
)
"""Gaps of persons no scheme holds: a code closes them when the feed it rests on is fresh, whatever the kind rests on."""

VERDICT_FEEDS: dict[Verdict, tuple[str, ...]] = {
    Verdict.HERE: ("resident",),
    Verdict.CIVIL: ("civil",),
    Verdict.EMPLOYEE: ("employee",),
    Verdict.EMPLOYEE_ELSEWHERE: ("outprov",),
    Verdict.OTHER: ("outprov",),
    Verdict.DEAD: ("deaths",),
    Verdict.STUDENT: ("students",),
    Verdict.SOLDIER: ("soldiers",),
    Verdict.PRISONER: ("prison",),
    Verdict.ABROAD: ("survey",),
}
"""The feed a code rests on."""

LIST_FEEDS = _LISTS
"""The lists that call persons poor: who left them leaves the work only when all of them are fresh."""


class Desk(TextChoices):
    """Whose work a gap is first, by the rule gap_desk of the region."""

    VILLAGE = "village", _("Village")
    TOWNSHIP = "township", _("Township office")
    COUNTY = "county", _("County desk")
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
    CaseState.OPEN: {CaseState.ASSIGNED, CaseState.CLOSED_WITH_REASON, CaseState.RESOLVED},
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
        CaseState.RESOLVED,
        CaseState.CLOSED_WITH_REASON,
    },
    CaseState.RESOLVED: {CaseState.REOPENED},
    CaseState.CLOSED_WITH_REASON: {CaseState.REOPENED},
    CaseState.REOPENED: {CaseState.ASSIGNED, CaseState.RESOLVED, CaseState.CLOSED_WITH_REASON},
}


class CloseReason(TextChoices):
    """Why a case is closed while its gap stands. The first three need a reviewer (DESIGN.md 6)."""

    NOT_FOUND = "not_found", _("Cannot be found after every contact was tried")
    DECLINED = "declined", _("Declined in person, signed and witnessed")
    HUKOU_ELSEWHERE = "hukou_elsewhere", _("Hukou elsewhere; handed to that county")
    INSURED_ELSEWHERE = "insured_elsewhere", _("Insured elsewhere; the next roll shows it")
    DEAD = "dead", _("Dead; the report of the death follows")
    EXEMPT = "exempt", _("Student, soldier, in prison or abroad: need not enrol")
    REPAIRED_OUTSIDE = "repaired_outside", _("Repaired in the agency's system; the next roll shows it")
    DATA_WRONG = "data_wrong", _("The file was wrong; the sender was told")
    NO_ACTION_NEEDED = "no_action_needed", _("Checked; nothing to do")


RESTRICTED_REASONS = {CloseReason.NOT_FOUND, CloseReason.DECLINED, CloseReason.HUKOU_ELSEWHERE}
ABOUT_THE_PERSON = (
    CloseReason.NOT_FOUND,
    CloseReason.DECLINED,
    CloseReason.HUKOU_ELSEWHERE,
    CloseReason.INSURED_ELSEWHERE,
    CloseReason.DEAD,
    CloseReason.EXEMPT,
)
"""Reasons that say something about the person: they need evidence, which the database demands, too."""


class EvidenceKind(TextChoices):
    """What a closing rests on."""

    DOCUMENT = "document", _("A document")
    VISIT = "visit", _("A visit")
    TELEPHONE = "telephone", _("A telephone call")
    DEPARTMENT = "department", _("Another department's word")


NAMED_EVIDENCE = (EvidenceKind.DOCUMENT, EvidenceKind.DEPARTMENT)
"""Evidence others can look up: the document's number, the department and who there said so, must be named."""
