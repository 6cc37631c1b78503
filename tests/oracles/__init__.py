"""Slow, obvious Python versions of the set-based rules. Never imported by the product; written from the rule, not from the SQL."""
