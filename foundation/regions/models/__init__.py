"""One aggregate: the unit."""

from foundation.regions.models.unit import Level, Unit

__all__ = ["Level", "Unit"]
