"""The code lists of the register: feeds, outcomes of rows, kinds of designations and facts. Stored as written here."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Feed(TextChoices):
    POVERTY = "poverty", _("Poverty file")
    DIBAO = "dibao", _("Subsistence allowance (dibao)")
    TEKUN = "tekun", _("Destitute supported persons (tekun)")
    DISABILITY = "disability", _("Severely disabled")
    RESIDENT = "resident", _("Resident pension roll")
    EMPLOYEE = "employee", _("Employee pension roll")
    CIVIL = "civil", _("Public-sector pension roll")
    OUTPROV = "outprov", _("Insured in another province")
    DEATHS = "deaths", _("Deaths")
    HUKOU = "hukou", _("Hukou changes")
    PRISON = "prison", _("Prison and probation")
    STUDENTS = "students", _("Students")
    SOLDIERS = "soldiers", _("Soldiers")
    SURVEY = "survey", _("Verification results")
    CERTIFICATION = "certification", _("Certifications of life")


class DesignationKind(TextChoices):
    """Who calls a person poor: a department's list, or for now a village whose report the office accepted."""

    POVERTY = "poverty", _("Poverty file")
    DIBAO = "dibao", _("Subsistence allowance (dibao)")
    TEKUN = "tekun", _("Destitute supported persons (tekun)")
    REPORTED = "reported", _("Reported by the village")


PERSON_FEEDS = (Feed.POVERTY, Feed.DIBAO, Feed.TEKUN)
ROLL_FEEDS = (Feed.RESIDENT, Feed.EMPLOYEE, Feed.CIVIL)
FACT_FEEDS = tuple(feed for feed in Feed if feed not in PERSON_FEEDS and feed not in ROLL_FEEDS)
EVENT_FEEDS = (
    Feed.DEATHS,
    Feed.HUKOU,
    Feed.CERTIFICATION,
)  # new this month; every other feed is a full list as of its day
ASKED_ANEW_FEEDS = (
    Feed.SURVEY,
)  # each list answers for whom the villages were asked about this time: others than last time


class DeliveryState(TextChoices):
    RECEIVED = "received", _("Received")
    CHECKED = "checked", _("Checked, awaiting approval")
    APPLIED = "applied", _("Applied")
    REFUSED = "refused", _("Refused")
    FAILED = "failed", _("Failed")
    SUPERSEDED = "superseded", _("Superseded by a later file")
    UNDONE = "undone", _("Undone")


class RowAction(TextChoices):
    SKIP = "skip", _("Skipped: not a person")
    DUPLICATE = "ignore_duplicate", _("Ignored: duplicate line")
    REJECT_ROW = "reject_row", _("Line not loaded")
    LOAD_WITHOUT_NUMBER = "load_without_id_to_repair", _("Loaded without an ID number; find it")
    REJECT_NUMBER = "reject_id_to_repair", _("Loaded with an unreliable ID number; correct it")
    CONVERT_NUMBER = "convert_to_18_and_repair", _("Loaded, number converted to 18 digits; confirm it")
    LOAD_AS_UNKNOWN = "load_with_unknown_word_to_repair", _("Loaded; the meaning of a term is unknown")
    LOAD_WITHOUT_DATE = "load_without_date_to_repair", _("Loaded without a reliable date; correct it")
    NUMBER_DECIDES = "load_by_number_to_check", _("Loaded; the ID number decides, find out which is right")
    CHECK_NOTE = "load_and_check_note", _("Loaded; check what the note says")
    CUT_NUMBER = "cut_to_18_and_repair", _("Loaded, number taken from the disability certificate; confirm it")


class RowReason(TextChoices):
    TITLE = "title_row", _("Title line")
    HEADER = "header_row", _("Header line")
    HEADER_REPEATED = "header_repeated", _("Header line repeated in the middle")
    BLANK = "blank_row", _("Blank line")
    TOTAL = "total_row", _("Total line")
    SIGNATURE = "signature_line", _("Signature line")
    NOTE_SHEET = "note_sheet", _("Line of a sheet that lists nobody")
    SUMMARY_SHEET = "summary_sheet", _("Line of a summary sheet")
    DUPLICATE = "duplicate_of_row", _("Duplicate of an earlier line")
    NUMBER_MISSING = "id_missing", _("No ID number")
    NUMBER_LENGTH = "id_length", _("The number does not have 18 characters")
    NUMBER_CHECKSUM = "id_checksum_or_date", _("Invalid check character or birth date in the number")
    NUMBER_NUMERIC = (
        "id_numeric_float",
        _("The spreadsheet stored the number as a numeric value and lost its last digits"),
    )
    NUMBER_MASKED = "id_masked", _("Digits of the number are hidden; ask for the full number")
    NUMBER_FIFTEEN = "id_15_digits", _("Old 15-digit number")
    NUMBER_DISABILITY = "disability_number_in_id_column", _("The column contains a disability certificate number")
    NAME_MISSING = "name_missing", _("No name")
    NAME_NOTE = "note_in_name", _("A note beside the name says that the person died, moved or cannot be found")
    GRADE_UNKNOWN = "grade_unknown", _("Unknown disability grade")
    WRONG_WIDTH = "wrong_number_of_columns", _("The line has a different number of columns from the header")
    FORMULA_EMPTY = "formula_without_value", _("The cell contains a formula whose result is not in the file")
    DATE_UNREADABLE = "date_unreadable", _("The date cannot be read")
    DATE_IMPLAUSIBLE = (
        "date_implausible",
        _(
            "The date cannot be right: before birth, before 1990, after the date of the data, or an end before its beginning"
        ),
    )
    BIRTH_IMPOSSIBLE = (
        "birth_impossible",
        _("The date of birth cannot be right: after the date of the data, before 1850, or no day of the calendar"),
    )
    BIRTH_CONTRADICTS = "birth_contradicts_number", _("The date of birth is another one than in the number")
    SEX_CONTRADICTS = "sex_contradicts_number", _("The sex is another one than in the number")
    SCHOOLING_CONTRADICTS = "schooling_contradicts_number", _("By the number, the person is too old for this school")
    DATE_YEAR_ONLY = "date_year_only", _("Only the year of the date can be read")
    WORD_UNKNOWN = "word_unknown", _("The status is blank or a term nobody has explained (first line with it)")
    KIND_UNKNOWN = "kind_unknown", _("Unknown type of event")


class Schooling(TextChoices):
    """Whether a list of the poor says that somebody goes to school (在校生状况); blank where it says nothing."""

    CHILD = "child", _("In kindergarten or in the nine years of compulsory school")
    STUDENT = "student", _("At an upper secondary school, college or university")
    NONE = "none", _("Not at school")


SEXES = {"男": 1, "男性": 1, "1": 1, "M": 1, "女": 2, "女性": 2, "2": 2, "F": 2}
"""How lists write a sex -> 1 man, 2 woman."""

REMARKS_TO_CONFIRM = frozenset(
    (
        "data_not_read",
        "summary_differs",
        "hidden_sheet",
        "exited_sheet",
        "left_sheet_read",
        "hidden_rows",
        "struck_rows",
        "cut_at_limit",
        "keys_lost",
        "below_limit",
        "understood_less",
        "column_gone",
        "unchanged_old_name",
    )
)
"""What is said about how a file was read (intake/remarks.py) that somebody must have read before it is applied."""


class FactKind(TextChoices):
    DEATH = "death", _("Death")
    HUKOU_BIRTH = "hukou_birth", _("Hukou: birth")
    HUKOU_IN = "hukou_in", _("Hukou: moved in")
    HUKOU_OUT = "hukou_out", _("Hukou: moved out")
    HUKOU_CANCELLED = "hukou_cancelled", _("Hukou: cancelled")
    NAME_CHANGED = "name_changed", _("Name changed")
    NUMBER_CHANGED = "number_changed", _("ID number changed")
    PRISON = "prison", _("In prison")
    PROBATION = "probation", _("On probation or in community correction")
    STUDENT = "student", _("Student")
    SOLDIER = "soldier", _("Soldier")
    DISABILITY = "disability", _("Disability")
    INSURED_ELSEWHERE = "insured_elsewhere", _("Insured in another province")
    SURVEY = "survey", _("Household survey result")
    CERTIFIED = "certified", _("Life certified")


class FactSource(TextChoices):
    """Who states a fact. A source the layout does not know is stored as written."""

    POLICE = "police", _("police")
    HEALTH = "health", _("health authority")
    FUNERAL = "funeral", _("funeral home")
    JUSTICE = "justice", _("justice authority")
    MILITARY = "military", _("military service office")
    EDUCATION = "education", _("education authority")
    VILLAGE = "village", _("verification in the village")


class LifeSource(TextChoices):
    """The kind of source that shows a person alive. Of evidence of life nothing but this and the day is kept."""

    AGENCY = "agency", _("at the agency")
    PHONE = "phone", _("by telephone")
    TERMINAL = "terminal", _("at a self-service terminal")
    AGENT = "agent", _("through an agent")
    VISIT = "visit", _("home visit")
    CLINIC = "clinic", _("medical treatment")
    TRAVEL = "travel", _("travel")
    CARD = "card", _("use of the social security card")
    OTHER = "other", _("another way")


class DatePrecision(TextChoices):
    DAY = "day", _("exact day")
    MONTH = "month", _("exact month")
    YEAR = "year", _("exact year")


class NumberState(TextChoices):
    """How a number was obtained; the order of primitives.columns.NUMBER_STATES, and `numeric` from a spreadsheet figure."""

    OK = "ok", _("Valid")
    FIFTEEN = "fifteen", _("Converted from 15 digits")
    CUT = "cut", _("Taken from a disability certificate")
    CHECKSUM = "checksum", _("Invalid check character or date")
    LENGTH = "length", _("Wrong length")
    MISSING = "missing", _("Missing")
    NUMERIC = "numeric", _("Numeric, last digits lost")
    MASKED = "masked", _("Masked, digits hidden")


class ChangeKind(TextChoices):
    """Kinds of changes between a list and the one before it: of the poor first, then of a roll."""

    POOR_NEW = "poor_new", _("New on the list")
    POOR_EXIT = "poor_exit", _("No longer on the list")
    POOR_REMOVED_DEAD = "poor_removed_dead", _("No longer on the list, reported dead")
    POVERTY_STATUS = "poverty_status", _("Poverty status changed")
    DIBAO_KIND = "dibao_kind", _("Full or partial amount changed")
    TEKUN_KIND = "tekun_kind", _("Way of support changed")
    SETTLEMENT = "settlement", _("Urban or rural changed")
    PLACE = "place", _("Place changed")
    HUKOU = "hukou", _("Hukou place changed")
    NAME_CORRECTED = "name_corrected", _("Name corrected")
    NAME_CHANGED = "name_changed", _("Name changed")
    ID_CORRECTED = "id_corrected", _("ID number corrected")
    NEW_ERROR = "new_error", _("ID number became invalid")
    NEW_ROW = "new_row", _("New on the roll")
    GONE_ROW = "gone_row", _("No longer on the roll")
    DUPLICATE_REMOVED = "duplicate_removed", _("Duplicate line of a person removed")
    TERMINATED_DEATH = "terminated_death", _("Insurance ended")
    PAUSED = "paused", _("Contributions paused")
    RESUMED = "resumed", _("Contributions resumed")
    REACHED_60_DRAWING = "reached_60_drawing", _("Reached benefit age, drawing")
    REACHED_60_NOT_DRAWING = "reached_60_not_drawing", _("Reached benefit age, not drawing")
    LATE_START_DRAWING = "late_start_drawing", _("Began drawing late")
    BENEFIT_PAUSED = "benefit_paused", _("Benefit paused")
    BENEFIT_RESUMED = "benefit_resumed", _("Benefit resumed")
    OTHER_STATUS = "other_status", _("Other status change")
    ID_CHANGED = "id_changed", _("ID number changed")
    IDENTITY_CHANGED = "identity_changed", _("Participant type changed")
    MOVED = "moved", _("Moved to another place")


class Scheme(TextChoices):
    RESIDENT = "resident", _("Resident scheme")
    EMPLOYEE = "employee", _("Employee scheme")
    CIVIL = "civil", _("Public-sector scheme")
    OUTPROV = "outprov", _("Scheme of another province")


class ReportKind(TextChoices):
    """What somebody who was there states of a person: the village helper, or an office on the village's behalf."""

    FOUND = "found", _("Found, seen in person")
    CANNOT_BE_FOUND = "cannot_be_found", _("Cannot be found")
    MOVED_AWAY = "moved_away", _("Moved away")
    WORKS_ELSEWHERE = "works_elsewhere", _("Works elsewhere")
    DIED = "died", _("Died")
    DETAILS_WRONG = "details_wrong", _("Details are wrong")
    DECLINES = "declines", _("Wants to decline")
    OTHER = "other", _("Something else")
    NOT_LISTED = "not_listed", _("Someone not on the list")


class ReportSource(TextChoices):
    """How whoever reports knows it."""

    SEEN = "seen", _("Saw it in person")
    DOCUMENT = "document", _("Saw a document")
    FAMILY = "family", _("The family said so")
    NEIGHBOURS = "neighbours", _("Neighbours said so")


FIRST_HAND = (ReportSource.SEEN, ReportSource.DOCUMENT)
"""What the reporter verified; hearsay is never the second of two sources of a death (docs/rules.md R18)."""
WHEREABOUTS = (
    ReportKind.FOUND,
    ReportKind.CANNOT_BE_FOUND,
    ReportKind.MOVED_AWAY,
    ReportKind.WORKS_ELSEWHERE,
    ReportKind.DECLINES,
)
"""Reports that say whether somebody can be found: the latest counts."""


class WrongDetail(TextChoices):
    """What of the details in the files is wrong."""

    NAME = "name", _("Name")
    BIRTH_DATE = "birth_date", _("Birth date")
    SEX = "sex", _("Sex")
    NUMBER = "number", _("ID number")
    PLACE = "place", _("Place")
    HOUSEHOLD = "household", _("Household")
