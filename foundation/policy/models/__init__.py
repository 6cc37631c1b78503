"""Values of parameters, proposals of new ones, and the calendar of working days."""

from foundation.policy.models.parameter_value import ParameterUnit, ParameterValue
from foundation.policy.models.proposal import ParameterProposal, ProposalState
from foundation.policy.models.working_day import WorkingDay

__all__ = ["ParameterProposal", "ParameterUnit", "ParameterValue", "ProposalState", "WorkingDay"]
