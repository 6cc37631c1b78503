"""The codes of coverage: rules of the matching, decisions on possible matches, findings, the three codes, and what they rest on."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from casework.constants import GapKind

MODEL_VERSION = 1
"""Version of the weights that score links: matching/weights_1.yaml."""


class LinkRule(TextChoices):
    SAME_NUMBER = "same_number", _("Same number, same-sounding name")
    SAME_NUMBER_CLOSE_NAME = "same_number_close_name", _("Same number, similar name, matching stated birth date")
    SAME_NUMBER_LOST_CHARACTER = (
        "same_number_lost_character",
        _("Same number; one character of the name could not be typed, the others agree"),
    )
    SAME_NUMBER_FORMER_NAME = "same_number_former_name", _("Same number; the different name is a former name")
    REPAIRED_FILE_NUMBER = "repaired_file_number", _("One digit error in the file's ID number; same-sounding name")
    REPAIRED_ROLL_NUMBER = "repaired_roll_number", _("One digit error in the roll's ID number; same-sounding name")
    NAME_BIRTH_VILLAGE = "name_birth_village", _("Name, birth date and village, unique on both sides")
    TWO_DIGIT_ERRORS = (
        "two_digit_errors",
        _("Two digit errors in the file's ID number; identical name and village, unique on both sides"),
    )
    NUMBER_OF_ANOTHER = "number_of_another", _("Same number, different name: name changed, or another person's number")
    NAME_VILLAGE = "name_village", _("Name and village; no number to compare")
    NAME_VILLAGE_OTHER_NUMBER = "name_village_other_number", _("Name and village; the two numbers differ")
    BIRTH_VILLAGE_SURNAME = "birth_village_surname", _("Birth date, village and surname; different given name")
    NAME_BIRTH = "name_birth", _("Name and birth date; different village, no valid number on one side")
    DIGIT_ERROR_OTHER_NAME = (
        "digit_error_other_name",
        _("One digit error in the file's ID number; same village and surname, different name"),
    )
    NAME_TWO_DIGIT_ERRORS = (
        "name_two_digit_errors",
        _("Same name, number differs in one or two digits; the roll has no villages"),
    )
    NAME_ONLY = "name_only", _("Name only, on a roll without villages; nothing else to compare")
    DECIDED_SAME = "decided_same", _("Confirmed by a person as the same person")


class LinkAction(TextChoices):
    AUTO = "auto", _("Confirmed by rule")
    REVIEW = "review", _("Needs a decision")


class PairDecision(TextChoices):
    """A clerk's decision on a possible match: a person and a roll line."""

    SAME = "same", _("Same person")
    NOT_SAME = "not_same", _("Not the same")
    CANNOT_TELL = "cannot_tell", _("Cannot tell")
    ASK_VILLAGE = "ask_village", _("Ask the village")


FINAL_DECISIONS = (PairDecision.SAME, PairDecision.NOT_SAME)
"""Final decisions; after the others the match is decided again."""


class PatternState(TextChoices):
    """State of a decision on an agreement pattern."""

    PROPOSED = "proposed", _("Awaiting approval by a second person")
    SIGNED = "signed", _("Approved")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    UNDONE = "undone", _("Undone")


class FindingKind(TextChoices):
    """What a night found about a person; each with its evidence."""

    RESIDENT = "resident", _("On the resident roll")
    EMPLOYEE = "employee", _("On the employee roll")
    CIVIL = "civil", _("On the public-sector roll")
    ELSEWHERE = "insured_elsewhere", _("Insured in another province")
    DEATH = "death", _("Death")
    SURVEY = "survey", _("Household survey result")
    HUKOU_OUT = "hukou_out", _("Hukou moved out or cancelled")
    SOLDIER = "soldier", _("Soldier")
    PRISON = "prison", _("In prison")
    STUDENT = "student", _("Student")
    REPORT = "report", _("Latest report of the village")
    PORTAL = "portal", _("Enrolled through this portal")
    NOT_ON_ROLL = "not_on_roll", _("Enrolled through this portal, but on no later roll")
    CANDIDATE = "candidate", _("Possible match on a roll; undecided")


class Verdict(TextChoices):
    """Code of the survey list (docs/rules.md R12); U16 and GAP have none there."""

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
    """The reason shown to clerks; it determines who acts next."""

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
    HUKOU_ELSEWHERE = "hukou_elsewhere", _("Hukou elsewhere")
    NO_NUMBER = "no_number", _("No household registration or ID number")
    ROLL_NOT_INSURED = "roll_row_not_insured", _("On the roll, status not insured")
    ROLL_ENDED = "roll_row_terminated", _("On the roll, participation ended")
    NOT_ON_ROLL = "not_on_roll", _("Enrolled through this portal, but on no later roll")
    DEATH_TO_VERIFY = "death_to_verify", _("Reported dead by one source: to be verified")
    DIRECT_INCLUSION = "direct_inclusion", _("60 or over, on no roll: direct inclusion")
    NEVER_ENROLLED = "never_enrolled", _("Never enrolled")
    UNDECIDED = "undecided", _("Undecided: possible match awaiting decision")


class E1Column(TextChoices):
    """The column of the statutory monthly table the person is counted in (docs/rules.md R25)."""

    UNDER_16 = "2_under16", _("Under 16")
    STUDENT = "3_student", _("Students aged 16 and over")
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
    PUSHED = "16d_pushed", _("Hukou elsewhere, to be forwarded")
    NO_HUKOU = "16e_no_hukou", _("No hukou")
    OTHER = "16f_other", _("Other")


_LISTS = ("poverty", "dibao", "tekun")
_EVERY_SCHEME = ("resident", "employee", "civil", "outprov")
GAP_FEEDS: dict[GapKind, tuple[str, ...]] = {
    GapKind.UNINSURED: (),
    GapKind.DUE_NOT_DRAWING: ("resident",),
    GapKind.PAUSED: ("resident",),
    GapKind.CERTIFICATION_DUE: ("resident",),
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
    GapKind.DEATH_TO_VERIFY: ("deaths", "survey"),
    GapKind.NOT_ON_ROLL: ("resident",),
    GapKind.NEW_POOR: (),
    GapKind.TURNING_60: (),
    GapKind.TURNING_16: (),
    GapKind.DATA_STALE: (),
}
"""The feeds that must be fresh for a gap of the kind to close. Empty: time closes it, or the new code does (VERDICT_FEEDS)."""
FOUND_BY_OTHERS = (GapKind.CERTIFICATION_DUE,)
"""Kinds that other apps find."""
UNINSURED_KINDS = (
    GapKind.UNINSURED,
    GapKind.HUKOU_ELSEWHERE,
    GapKind.NOT_FOUND,
    GapKind.NO_IDENTITY,
    GapKind.DEATH_TO_VERIFY,
    GapKind.NOT_ON_ROLL,
    GapKind.NEW_POOR,
)
"""Gaps of uninsured persons: a new code closes them when the feed it rests on is fresh, whatever the kind rests on."""
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
"""The lists of poor persons: a person who left them leaves the work list only when all of them are fresh."""
