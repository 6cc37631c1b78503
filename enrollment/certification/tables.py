"""The tables of certification in the workspace of a night, with their columns. Pinned by its first step (inputs.py)."""

import pyarrow as pa

EVIDENCE = "life_evidence"
"""One row a person and evidence of life the register alone tells: entered, reported, or under the person's own number and name."""
EVIDENCE_COLUMNS = pa.schema([("person_id", pa.int64()), ("seen_on", pa.date32()), ("source", pa.string())])
LISTED_DISABLED = "listed_disabled"
"""One row a person on the list of the disabled."""
LISTED_DISABLED_COLUMNS = pa.schema([("person_id", pa.int64())])
RULE = "certification_rule"
"""What windows are computed by: one row, none where the county has received no list of certifications."""
RULE_COLUMNS = pa.schema(
    [
        ("as_of", pa.date32()),
        ("since", pa.date32()),
        ("window_kind", pa.string()),
        ("cycle_days", pa.int32()),
        ("days_ahead", pa.int32()),
        ("benefit_age_years", pa.int32()),
        ("visit_from_age_years", pa.int32()),
        ("visit_days_ahead", pa.int32()),
    ]
)
"""`since`: day of the county's first list. The last two are null where nobody is visited at home."""
SUBJECT_COLUMNS = pa.schema(
    [
        ("person_id", pa.int64()),
        ("birth_date", pa.date32()),
        ("started_on", pa.date32()),
        ("is_disabled", pa.bool_()),
    ]
)
"""Who draws here. `started_on`: a day of the first month drawn, null where nobody knows."""
