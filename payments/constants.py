"""Words and states of money: batches, contributions, entries of an account."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

BATCH_TYPE = "payments_batch"
"""Object type of a batch in signatures and in the audit log."""


class BatchKind(TextChoices):
    """What a batch of money is for."""

    CONTRIBUTIONS = "contributions", _("Contributions government pays")


class BatchState(TextChoices):
    """Where a batch of money is on its way."""

    DRAFT = "draft", _("Draft")
    FROZEN = "frozen", _("Frozen")
    REVIEWED = "reviewed", _("Reviewed")
    APPROVED = "approved", _("Approved")
    REQUESTED = "requested", _("Funds requested")
    FUNDED = "funded", _("Funded")
    CREDITED = "credited", _("Credited")
    CLOSED = "closed", pgettext_lazy("batch of money", "Closed")
    RETURNED = "returned", _("Returned")
    CANCELLED = "cancelled", _("Cancelled")


BATCH_MOVES = [
    ("draft", "frozen"),
    ("draft", "cancelled"),
    ("frozen", "reviewed"),
    ("frozen", "returned"),
    ("reviewed", "approved"),
    ("reviewed", "returned"),
    ("approved", "requested"),
    ("approved", "returned"),
    ("requested", "funded"),
    ("requested", "returned"),
    ("funded", "credited"),
    ("credited", "closed"),
]
"""Every change of state there is; the database refuses any other."""
VOID_STATES = (BatchState.RETURNED, BatchState.CANCELLED)
"""Lines of such a batch count for nothing; the people may be in another."""


class Level(TextChoices):
    """Who bears a part of the money, from the country down."""

    CENTRAL = "central", _("Central government")
    PROVINCE = "province", _("Province")
    PREFECTURE = "prefecture", _("Prefecture")
    COUNTY = "county", _("County")


class Payer(TextChoices):
    """Whose money a contribution is."""

    GOVERNMENT = "government", _("Government")
    OWN = "own", _("Own payment")


class PlanOutcome(TextChoices):
    """What the plan of a year says of a person."""

    PAID_FOR = "paid_for", pgettext_lazy("plan", "Paid for")
    EXCLUDED = "excluded", _("Excluded")


class Category(TextChoices):
    """The identity (身份) a contribution is paid for: a list with its status or grade."""

    TEKUN = "tekun", _("Destitute supported persons (tekun)")
    DISABILITY = "disability", _("Severely disabled (grade 1 or 2)")
    DIBAO = "dibao", _("Subsistence allowance (dibao)")
    POVERTY = "poverty", _("Registered poor, not marked out of poverty")
    MONITORED = "monitored", _("Monitored against falling back into poverty")
    MARKED_OUT = "marked_out", _("Marked out of poverty, support continued")


class Exclusion(TextChoices):
    """Why government does not pay for a person this year."""

    NO_CATEGORY = "NO_CATEGORY", _("In no category that is paid for in this year")
    DEAD = "DEAD", _("Dead")
    UNDER_16 = "UNDER_16", _("Under 16")
    DUE_TO_DRAW = "DUE_TO_DRAW", _("Old enough to draw the benefit")
    SOLDIER = "SOLDIER", _("Soldier")
    PRISONER = "PRISONER", _("In prison")
    STUDENT = "STUDENT", _("Student")
    ABROAD = "ABROAD", _("Abroad")
    OTHER_SCHEME = "OTHER_SCHEME", _("In the employee or public sector scheme")
    INSURED_ELSEWHERE = "INSURED_ELSEWHERE", _("Insured elsewhere")
    DECLINED = "DECLINED", _("Declined to enrol")
    UNDECIDED = "UNDECIDED", _("A possible match waits for a decision")
    NOT_INSURED = "NOT_INSURED", _("Not insured here")
    SAME_ROLL_LINE = (
        "SAME_ROLL_LINE",
        _("Another person is insured by the same line of the roll: probably the same person"),
    )
    NO_RULE = "NO_RULE", _("The region pays nothing for the category")
    YEARS_LIMIT = "YEARS_LIMIT", _("Paid for as many years as the region pays")
    OWN_PAYMENT = "OWN_PAYMENT", _("Paid the contribution of this year already")


class EntryKind(TextChoices):
    """What an entry of an individual account (个人账户) records."""

    CONTRIBUTION = "contribution", _("Contribution")
    SUBSIDY = "subsidy", _("Subsidy for paying")
    INTEREST = "interest", _("Interest")
    CORRECTION = "correction", _("Correction")


class Credit(TextChoices):
    """Whose money an entry adds to, or takes from (记账项目)."""

    PERSONAL = "personal", _("Personal contribution")
    GOVERNMENT = "government", _("Contribution government paid")
    SUBSIDY = "subsidy", _("Government subsidy")
    COLLECTIVE = "collective", _("Collective aid")
    INTEREST = "interest", _("Interest")
