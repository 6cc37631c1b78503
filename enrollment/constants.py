"""The code lists of enrolment: kinds of applications, their states, who brings them in, papers, conditions. Stored as written here."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

OBJECT_TYPE = "application"
"""Name of an application in signatures and in the audit log."""


class ApplicationKind(TextChoices):
    """What is applied for (docs/enrolment.md#kinds)."""

    REGISTER = "register", _("Enrolment in the scheme")
    CHANGE_DETAILS = "change_details", _("Change of details")
    CHANGE_ACCOUNT = "change_account", _("Change of bank account or card")
    DIRECT_INCLUSION = "direct_inclusion", _("Direct inclusion")
    CLAIM = "claim", _("Claim of the benefit")
    DECLINE = "decline", _("Declining to enrol")
    WAIVE = "waive", _("Waiver of the benefit")
    REVOKE_DECLINE = "revoke_decline", _("Revocation of declining")
    REVOKE_WAIVER = "revoke_waiver", _("Revocation of a waiver")
    PAUSE = "pause", _("Pause of the benefit")
    RESUME = "resume", _("Resumption of the benefit")
    TERMINATE = "terminate", _("Termination of the benefit")
    EARLY_DRAW = "early_draw", _("Early benefit of the severely disabled")
    TEMPORARY_IDENTITY = "temporary_identity", _("Temporary identity")
    REPLACE_IDENTITY = "replace_identity", _("Real number in place of a temporary identity")


RECORDED_KINDS = (
    ApplicationKind.DECLINE,
    ApplicationKind.WAIVE,
    ApplicationKind.REVOKE_DECLINE,
    ApplicationKind.REVOKE_WAIVER,
)
"""Declarations of the person: they are recorded, not granted."""
WITH_BENEFITS = (ApplicationKind.PAUSE, ApplicationKind.RESUME, ApplicationKind.TERMINATE)
"""They become effective with the benefit they concern, in payments."""
NOT_CERTIFIED = "not_certified"
"""The reason in the details of a pause that rests on certification (services/pausing.py)."""
HOME_VISIT = "visit"
"""Follows the day in the reason of CERTIFICATION_DUE where the person is to be visited at home."""
INSURING_KINDS = (
    ApplicationKind.REGISTER,
    ApplicationKind.DIRECT_INCLUSION,
    ApplicationKind.CLAIM,
    ApplicationKind.EARLY_DRAW,
)
"""Kinds entered in the agency's books where the agency keeps them; they end in an enrolment."""
BENEFIT_KINDS = (
    ApplicationKind.CLAIM,
    ApplicationKind.DIRECT_INCLUSION,
    ApplicationKind.EARLY_DRAW,
    ApplicationKind.WAIVE,
    ApplicationKind.REVOKE_WAIVER,
    *WITH_BENEFITS,
)
"""Kinds decided within the limit for benefits; the others within that for registration (docs/rules.md R47)."""


class ApplicationState(TextChoices):
    """Where an application is; the two reviews and the approval are named by the desk it waits at."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    TOWNSHIP_REVIEW = "township_review", _("Township review")
    COUNTY_CHECK = "county_check", _("County check")
    APPROVAL = "approval", _("Approval")
    RETURNED = "returned", _("Sent back for correction")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused with reasons")
    RECORDED = "recorded", _("Recorded")
    EFFECTIVE = "effective", _("Effective")


OPEN_STATES = (
    ApplicationState.DRAFT,
    ApplicationState.SUBMITTED,
    ApplicationState.TOWNSHIP_REVIEW,
    ApplicationState.COUNTY_CHECK,
    ApplicationState.APPROVAL,
    ApplicationState.RETURNED,
    ApplicationState.GRANTED,
    ApplicationState.RECORDED,
)
"""While one is open, no second one of its kind is begun for the person."""
UNDECIDED_STATES = OPEN_STATES[:6]
DECIDED_STATES = (
    ApplicationState.GRANTED,
    ApplicationState.REFUSED,
    ApplicationState.RECORDED,
    ApplicationState.EFFECTIVE,
)


class Verb(TextChoices):
    """One step of an application; process.py says who may take it, from which state to which."""

    SUBMIT = "submit", _("Submit")
    ACCEPT = "accept", _("Accept the papers")
    NAME_MISSING = "name_missing", _("Name the missing papers")
    REVIEW = "review", _("Confirm the township review")
    CHECK = "check", _("Confirm the county check")
    GRANT = "grant", _("Grant the application")
    RECORD = "record", _("Record")
    REFUSE = "refuse", _("Refuse")
    RETURN = "return", _("Send back for correction")
    WITHDRAW = "withdraw", _("Withdraw")
    CONFIRM = "confirm", _("Confirm the entry at the agency")


class BatchState(TextChoices):
    """Where a one-stop batch is; approved, it is put into effect by the next night."""

    DRAFT = "draft", _("Draft")
    REVIEWED = "reviewed", _("Reviewed")
    APPROVED = "approved", _("Approved")
    EFFECTIVE = "effective", _("Effective")
    CANCELLED = "cancelled", _("Cancelled")


class LinePart(TextChoices):
    """A part of a batch's lines: whom it enrols, whom it excludes and why, and who was left out when it was put into effect."""

    ELIGIBLE = "eligible", _("To be enrolled")
    REFUSED = "refused", _("Excluded: not eligible")
    UNKNOWN = "unknown", _("Excluded: cannot be decided yet")
    LEFT_OUT = "left_out", _("Left out when put into effect")


BATCH_TYPE = "one_stop_batch"
"""Name of a one-stop batch in signatures and in the audit log."""
ONE_STOP_KINDS = (ApplicationKind.REGISTER, ApplicationKind.DIRECT_INCLUSION)


class QueueTab(TextChoices):
    """Which part of the queue of applications is listed."""

    MINE = "mine", _("Mine to do")
    WAITING = "waiting", _("All waiting")
    OVERDUE = "overdue", _("Overdue")
    RETURNED = "returned", _("Drafts and sent back")
    DECIDED = "decided", _("Decision made")


class Channel(TextChoices):
    """Where the person applied."""

    VILLAGE = "village", _("Through the village helper")
    TOWNSHIP = "township", _("At the township office")
    COUNTY = "county", _("At the county agency")
    HOME = "home", _("At the person's home")
    BATCH = "batch", _("Handled centrally, without an application")
    DEPARTMENT = "department", _("Through another department's system")


CHANNELS = tuple(each for each in Channel if each not in (Channel.BATCH, Channel.DEPARTMENT))
"""Where somebody who prepares an application may say that the person applied."""


class BooksKeeper(TextChoices):
    """Who keeps the roll of the resident scheme in a county: parameter books_kept_by."""

    AGENCY = "agency", _("The county agency's own system")
    PORTAL = "portal", _("This portal")


class Paper(TextChoices):
    """What a paper is; which ones a kind needs says the parameter application_papers."""

    ID_CARD = "id_card", _("ID card")
    HOUSEHOLD_BOOKLET = "household_booklet", _("Household booklet")
    FORM = "form", _("Signed form")
    LETTER = "letter", _("Signed declaration")
    AUTHORISATION = "authorisation", _("Authorisation of the agent")
    BANK_CARD = "bank_card", _("Bank card or passbook")
    PROOF = "proof", _("Proof of the reason")
    POLICE_LETTER = "police_letter", _("Letter of the police station")
    OTHER = "other", _("Other paper")


class Condition(TextChoices):
    """What eligibility asks; which ones a kind needs says eligibility/conditions.py. Not met, its name is the reason."""

    ALIVE = "DECEASED", _("Alive")
    OLD_ENOUGH = "UNDER_16", _("16 or over")
    BEFORE_BENEFIT_AGE = "OVER_60", _("Under the benefit age")
    BENEFIT_AGE = "UNDER_60", _("Of the benefit age")
    EARLY_AGE = "UNDER_EARLY_AGE", _("Of the age for the severely disabled")
    POOR = "NOT_POOR", _("In a category of the region")
    IN_WINDOW = "WINDOW_CLOSED", _("Papers accepted within the window")
    NO_OTHER_BENEFIT = "OTHER_BENEFIT", _("Draws no other state pension")
    NO_OTHER_SCHEME = "OTHER_SCHEME", _("In no other scheme")
    NOT_STUDENT = "STUDENT", _("Not a student")
    NOT_SOLDIER = "SOLDIER", _("Not a soldier")
    NOT_IN_PRISON = "PRISONER", _("Not in prison")
    NOT_SERVING = "IN_PRISON", _("Serves no sentence, or the application waits until the release")
    NOT_ABROAD = "ABROAD", _("Not settled abroad")
    HUKOU_HERE = "HUKOU_ELSEWHERE", _("Hukou in this county")
    NOT_ENROLLED = "ALREADY_ENROLLED", _("Not yet enrolled")
    ENROLLED = "NOT_ENROLLED", _("Enrolled here")
    NOT_DRAWING = "ALREADY_DRAWING", _("Not yet drawing")
    DRAWING = "NOT_DRAWING", _("Drawing here")
    PAUSED = "NOT_PAUSED", _("Benefit paused")
    NOT_DECLINED = "DECLINED", _("Has not declined")
    DECLINED = "NOT_DECLINED", _("Has declined")
    NOT_WAIVED = "WAIVED", _("Has not waived the benefit")
    WAIVED = "NOT_WAIVED", _("Has waived the benefit")
    YEARS_PAID = "YEARS_MISSING", _("Enough years of contributions")
    STAYED_AFTER_60 = "MOVED_AFTER_60", _("Lived here before reaching the benefit age")
    SEVERELY_DISABLED = "NOT_SEVERELY_DISABLED", _("Severely disabled, grade 1 or 2")
    DECIDED = "UNDECIDED", _("No possible match awaits a decision")
    HAS_NUMBER = "NO_NUMBER", _("Has an ID number")
    WITHOUT_NUMBER = "HAS_NUMBER", _("Has no ID number")
    NONE_OPEN = "APPLICATION_OPEN", _("No other application is open")


class Outcome(TextChoices):
    """What eligibility comes to: refused where one condition is not met, unknown where one cannot be told."""

    ELIGIBLE = "eligible", _("Eligible")
    REFUSED = "refused", _("Not eligible")
    UNKNOWN = "unknown", _("Cannot be decided yet")


class NoticeKind(TextChoices):
    """A sheet handed to the person; what it says: notices/."""

    RECEIPT = "receipt", _("Receipt")
    MISSING = "missing", _("Notice of missing papers")
    DECISION = "decision", _("Decision on the application")
    INVITATION = "invitation", _("Invitation to claim the benefit")
    REMINDER = "reminder", _("Reminder")
    CERTIFICATION = "certification", _("Reminder to certify life")
    PAUSED = "paused", _("Notice of the pause")


class InformedWay(TextChoices):
    """How a person was told of the scheme."""

    VISIT = "visit", _("Home visit")
    OFFICE = "office", _("At the office")
    TELEPHONE = "telephone", _("By telephone")
    MESSAGE = "message", _("Message")
    MEETING = "meeting", _("Village meeting")
    LEAFLET = "leaflet", _("Leaflet or poster")
