"""The register's tables. Each module holds one aggregate."""

from registry.models.bank_account import BankAccount
from registry.models.change import DeliveryChange
from registry.models.contact_point import ContactPoint
from registry.models.delivery import DeliveredRow, Delivery, DeliveryProblem, RollSnapshot
from registry.models.fact import Fact
from registry.models.feed_contact import FeedContact
from registry.models.field_report import FieldReport
from registry.models.household_phone import HouseholdPhone
from registry.models.layout import LearnedLayout
from registry.models.merge import MergeProposal, MergeReason, PersonMerge, ProposalState
from registry.models.person import Designation, IdentityNumber, Person, PersonIdentifier, PersonName
from registry.models.person_file import Attachment, PersonNote
from registry.models.upload import Upload, UploadState

__all__ = [
    "Attachment",
    "BankAccount",
    "ContactPoint",
    "DeliveredRow",
    "Delivery",
    "DeliveryChange",
    "DeliveryProblem",
    "Designation",
    "Fact",
    "FeedContact",
    "FieldReport",
    "HouseholdPhone",
    "IdentityNumber",
    "LearnedLayout",
    "MergeProposal",
    "MergeReason",
    "Person",
    "PersonIdentifier",
    "PersonMerge",
    "PersonName",
    "PersonNote",
    "ProposalState",
    "RollSnapshot",
    "Upload",
    "UploadState",
]
