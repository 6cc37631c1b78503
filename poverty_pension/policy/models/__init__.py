"""Values of parameters, proposals of new ones, and the calendar of working days."""

from poverty_pension.policy.models.parameter_value import ParameterUnit, ParameterValue
from poverty_pension.policy.models.proposal import ParameterProposal, ProposalState
from poverty_pension.policy.models.working_day import WorkingDay

__all__ = ["ParameterProposal", "ParameterUnit", "ParameterValue", "ProposalState", "WorkingDay"]
