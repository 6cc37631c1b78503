"""One aggregate: the value of a parameter in a region over a range of days."""

from poverty_pension.policy.models.parameter_value import ParameterUnit, ParameterValue

__all__ = ["ParameterUnit", "ParameterValue"]
