"""Tables of the payments app: batches of money, the yearly plan and its lines, the account ledger."""

from payments.models.account import AccountEntry, InterestPosting
from payments.models.batch import Batch, BatchFunding, ListCertificate, TownshipCheck
from payments.models.contribution import ContributionLine, ContributionPlan, ContributionPlanLine

__all__ = [
    "AccountEntry",
    "Batch",
    "BatchFunding",
    "ContributionLine",
    "ContributionPlan",
    "ContributionPlanLine",
    "InterestPosting",
    "ListCertificate",
    "TownshipCheck",
]
