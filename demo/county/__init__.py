"""A county of invented people: the files its departments would send in a month, with every usual error, and the truth beside them.

Nothing here knows the product; the product's tests, benchmarks and demonstration read what is written through its ordinary door.
"""

from demo.county.make import MadeCounty, make_county

__all__ = ["MadeCounty", "make_county"]
