"""A county of invented people: the files its departments would send in a month, with every usual error, and the truth beside them.

Nothing here imports the product; its tests, benchmarks and demonstration receive these files like any others.
"""

from demo.county.make import MadeCounty, make_county

__all__ = ["MadeCounty", "make_county"]
