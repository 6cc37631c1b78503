"""The tables of enrolment. Each module holds one aggregate."""

from enrollment.models.application import Application, ApplicationPaper, ApplicationStep, ApplicationVersion
from enrollment.models.application_change import ApplicationChange, UnnumberedChange
from enrollment.models.contribution_years import ContributionYears
from enrollment.models.enrollment import Enrollment
from enrollment.models.life_evidence import LifeEvidence
from enrollment.models.notice import InformedContact, Notice
from enrollment.models.one_stop import OneStopBatch, OneStopLine
from enrollment.models.temporary_identity import TemporaryIdentity

__all__ = [
    "Application",
    "ApplicationChange",
    "ApplicationPaper",
    "ApplicationStep",
    "ApplicationVersion",
    "ContributionYears",
    "Enrollment",
    "InformedContact",
    "LifeEvidence",
    "Notice",
    "OneStopBatch",
    "OneStopLine",
    "TemporaryIdentity",
    "UnnumberedChange",
]
