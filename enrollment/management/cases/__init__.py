"""Cases in plain words, run against the product's own services (docs/cases.md). Called by the command check_cases."""
