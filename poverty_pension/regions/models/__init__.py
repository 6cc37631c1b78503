"""One aggregate: the unit."""

from poverty_pension.regions.models.unit import Level, Unit

__all__ = ["Level", "Unit"]
