-- Inputs:  roll(scheme, snapshot, position, key, phonetic_key, birth), subject_key(subject_id, key, how)
-- Output:  number_block: one row a roll line whose right number some subject has, had, or is one digit error away from
-- Rule:    blocking only: this one pass over the rolls keeps the lines the steps on numbers compare. The small side is hashed,
--          the roll is streamed; only the columns these steps compare are read.
SELECT roll.scheme, roll.snapshot, roll.position, roll.key, roll.phonetic_key, roll.birth, roll.unit_code
FROM roll
SEMI JOIN subject_key ON subject_key.key = roll.key
