"""The tables of a night, each named here once, with the columns of those the first step fills from the register.

Every table is a Parquet file in the night's folder (workspace.py). SQL files name them plainly and state in their headers which
they read; Python that reads or writes one takes its name from here.
"""

import pyarrow as pa

PERSON = "person"
"""One row a person called poor on the day of the night."""
PERSON_COLUMNS = pa.schema(
    [
        ("person_id", pa.int64()),
        ("newly_poor", pa.bool_()),
        ("in_poverty_file", pa.bool_()),
        ("in_three_categories", pa.bool_()),
        ("hukou_outside", pa.bool_()),
        ("categories", pa.string()),
        ("file_unit_id", pa.int64()),
        ("hukou_unit_id", pa.int64()),
        ("hukou_stated", pa.bool_()),
        ("unit_id", pa.int64()),
        ("name", pa.string()),
        ("name_pinyin", pa.string()),
        ("sex", pa.int16()),
        ("number_states", pa.string()),
        ("found_alive_on", pa.date32()),
        ("birth_date", pa.date32()),
        ("schooling", pa.string()),
        ("school_delivery", pa.int64()),
        ("school_sheet", pa.string()),
        ("school_row", pa.int64()),
    ]
)
PERSON_VARIANT = "person_variant"
"""One row a person, name, number and village, cleaned: the columns of matching/tables.py VARIANT."""
PERSON_REPAIR = "person_repair"
"""One row a damaged number of a person and a right one a digit error away: subject_id, phonetic_key, key."""
FACT = "fact"
"""One row a fact of a department known to the night."""
FACT_COLUMNS = pa.schema(
    [
        ("fact_id", pa.int64()),
        ("kind", pa.string()),
        ("name", pa.string()),
        ("number_id", pa.int64()),
        ("old_number_id", pa.int64()),
        ("new_number_id", pa.int64()),
        ("stated_birth", pa.date32()),
        ("sex", pa.int16()),
        ("event_date", pa.date32()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        ("source", pa.string()),
        ("answer", pa.string()),
        ("verifier", pa.string()),
        ("second_hand", pa.bool_()),
        ("to_place", pa.string()),
        ("scheme", pa.string()),
        ("status", pa.string()),
        ("before_name", pa.string()),
        ("after_name", pa.string()),
    ]
)
"""The night adds the decrypted number, old_number and new_number."""
POLICE_CHANGE = "police_change"
"""One row a change of name or number the police list states: the columns of matching/subjects.py CHANGES."""
DECISION = "decision"
"""One row a clerk's decision on a person and a roll line that binds the night."""
DECISION_COLUMNS = pa.schema(
    [
        ("person_id", pa.int64()),
        ("scheme", pa.string()),
        ("roll_no", pa.string()),
        ("delivery_id", pa.int64()),
        ("part", pa.string()),
        ("line", pa.int32()),
        ("decision", pa.string()),
        ("rule", pa.string()),
        ("comparison_vector", pa.string()),
        ("score", pa.float64()),
        ("model_version", pa.int16()),
        ("roll_name", pa.string()),
        ("roll_birth", pa.date32()),
        ("roll_unit_code", pa.string()),
        ("person_names", pa.string()),
    ]
)
REPORT = "report"
"""One row a village's report about a person that counts for the night."""
REPORT_COLUMNS = pa.schema(
    [
        ("report_id", pa.int64()),
        ("person_id", pa.int64()),
        ("kind", pa.string()),
        ("observed_on", pa.date32()),
        ("died_on", pa.date32()),
        ("is_first_hand", pa.bool_()),
        ("is_hearsay", pa.bool_()),
        ("is_accepted", pa.bool_()),
    ]
)
PORTAL = "portal"
"""One row an enrolment of our own that counts on the day: one more roll, whose lines are known persons (docs/rules.md R49)."""
PORTAL_COLUMNS = pa.schema(
    [
        ("person_id", pa.int64()),
        ("enrollment_id", pa.int64()),
        ("draws", pa.bool_()),
        ("valid_from", pa.date32()),
        ("rolls_since", pa.int32()),
    ]
)
"""`rolls_since`: whole resident rolls of later days than the enrolment's first, up to the night's."""
FEED = "feed"
"""One row a feed received or withdrawn: its newest day and whether it is fresh, stale or withdrawn."""
FEED_COLUMNS = pa.schema([("feed", pa.string()), ("as_of", pa.date32()), ("state", pa.string())])

LINK = "link"
"""One row a subject (a person, or a fact by its id below zero) and roll line: the result of matching/pipeline.py match, and changed."""
PERSON_LINE = "person_line"
"""The persons as a roll of their own, for the facts to be matched against: position, part, line, roll_no (the person's id), name,
phonetic_key, number, key, birth, unit_code, status. Beside it person_line.repairs."""
PERSON_HIT = "person_hit"
"""One row a fact and the person it is about: fact_id, person_id, rule, action."""
ROLL_FINDING = "roll_finding"
"""One row a line of the resident roll and kind of finding: scheme, roll_no, delivery_id, part, line, name, unit_code, status, kind,
reason, evidence_class, facts, reports, other_line, person_id (whose confirmed line it is, or null)."""
PERSON_LINK = "person_link"
"""The links of persons: as link, with person_id and delivery_id for subject_id and snapshot."""
PERSON_FINDING = "person_finding"
"""One row a person and finding: person_id, kind, value, evidence_class, facts, lines, reports."""
VERDICT = "verdict"
"""One row a person: the three codes (verdict, e1_column, desk_reason) and what the statutory table groups by."""
GAP = "gap"
"""One row a subject and kind of gap that is open after this night: the columns of casework.finders FOUND."""
