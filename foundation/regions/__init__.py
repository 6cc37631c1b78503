"""The country's administrative divisions as a dated tree of 12-digit codes; every scope of the system is a path in it."""
