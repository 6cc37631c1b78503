"""The roles of docs/security.md#who-may-do-what; the three administrators exclude one another and every other role."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.regions.models import Level


class Role(models.TextChoices):
    """What a membership lets a user be in a unit."""

    VILLAGE_OFFICIAL = "village_official", _("Village helper")
    TOWNSHIP_CLERK = "township_clerk", _("Township clerk")
    COUNTY_CLERK = "county_clerk", _("County clerk")
    COUNTY_REVIEWER = "county_reviewer", _("County reviewer")
    COUNTY_APPROVER = "county_approver", _("County approver")
    FINANCE = "finance", _("Finance")
    SUPERVISOR = "supervisor", _("Supervisor")
    SYSADMIN = "sysadmin", _("System administrator")
    SECADMIN = "secadmin", _("Security administrator")
    AUDITOR = "auditor", _("Audit administrator")


ADMINISTRATORS = (Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR)
"""Source: GB/T 22239-2019 (docs/rules.md R38): three administrators, mutually exclusive, without case data."""


WIDEST_LEVEL = {
    Role.VILLAGE_OFFICIAL: Level.COUNTY,
    Role.TOWNSHIP_CLERK: Level.COUNTY,
    Role.COUNTY_CLERK: Level.PREFECTURE,
    Role.COUNTY_REVIEWER: Level.PREFECTURE,
    Role.COUNTY_APPROVER: Level.PREFECTURE,
    Role.FINANCE: Level.PREFECTURE,
}
"""The widest unit a role may be granted in (docs/rules.md R40, least scope): a city without counties does a county's work, and a county
may let somebody at its own counter do no more than a township's clerk."""


class Verb(models.TextChoices):
    """What a department's token may ask of the API; a token has a list of these."""

    READ_COVERAGE = "read_coverage", _("Query the coverage of persons")
    READ_MATCHES = "read_matches", _("Read possible matches")
    DECIDE_MATCHES = "decide_matches", _("Submit clerks' decisions on possible matches")
    READ_GAPS = "read_gaps", _("Read gaps")
    READ_REPORTS = "read_reports", _("Read the statutory table")
    SEND_DELIVERIES = "send_deliveries", _("Send files and read their results")
    READ_APPLICATIONS = "read_applications", _("Read applications and their decisions")
    SEND_APPLICATIONS = "send_applications", _("Prepare applications as drafts, and withdraw them")
    READ_ELIGIBILITY = "read_eligibility", _("Query the eligibility of persons")
