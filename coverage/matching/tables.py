"""The relations the matching's steps hand on within one DuckDB connection, each named here once.

sql/*.sql name them plainly and state in their headers which they read; Python that creates, registers or drops one takes its name
from here.
"""

VARIANT = "variant"
"""Every name and number of every subject: subject_id, name, plain, phonetic_key, number, key, number_birth, stated_birth, village,
is_only_variant."""
VARIANT_REPAIR = "variant_repair"
"""A damaged number of a subject and a right one a digit error away: subject_id, phonetic_key, key."""
POLICE_CHANGE = "police_change"
"""A line of the police list: key, phonetic_key, before_phonetic_key, after_phonetic_key, old_key, new_key."""
ROLL = "roll"
"""Every line of every roll: scheme, snapshot, position, part, line, roll_no, name, phonetic_key, status, birth, unit_code, key,
name_place."""
ROLL_REPAIR = "roll_repair"
"""A damaged number of a roll and a right one a digit error away: scheme, snapshot, position, phonetic_key, key."""

NUMBER_BLOCK = "number_block"
"""Roll lines with a right number of some subject, or one a digit error away (10): scheme, snapshot, position, key, phonetic_key,
birth, unit_code."""
NUMBER_PAIR = "number_pair"
"""A subject and a line with one number (20): subject_id, scheme, snapshot, position, how, same_phonetic_key."""
NAME_PLACE_BLOCK = "name_place_block"
"""Roll lines in the block of an unconfirmed person's name, birth date and village (45): snapshot, position."""
NAMESAKE = "namesake"
"""An unlinked person and a line of the same name on a roll without villages (46): subject_id, snapshot, position, two_digit_errors."""
RESIDUAL = "residual"
"""Persons without a confirmed link to the resident roll: subject_id."""
UNLINKED = "unlinked"
"""Persons without any confirmed link: subject_id."""
LINE = "line"
"""The lines some step may link, read once: scheme, snapshot, position, part, line, roll_no, name, status, birth, unit_code, key,
place (its row in the table of lines)."""
BLOCKED_LINE = "blocked_line"
"""Those of them that a step compares by name: snapshot, position, place, scheme, name, birth, unit_code, key, phonetic_key."""
LINK = "link"
"""What the steps found: subject_id, scheme, snapshot, position, rule, action."""

PAIR = "pair"
"""A link and its line: id, the columns of link, place, name, birth, unit_code, key."""
UNEQUAL_PAIR = "unequal_pair"
"""The pairs step 85 leaves to be compared field by field: as pair, with plain and phonetic_key."""
DESCRIBED = "described"
"""A link with the agreement level of each field: id, the columns of link, place, number, rarity, name, birth, village."""
VECTOR_SCORE = "vector_score"
"""A comparison vector that occurs: vector_id, number, rarity, name, birth, village, comparison_vector, score."""
