-- Inputs:  residual(subject_id), subject_name, subject_place(subject_id, village, birth, has_right_number), roll
-- Output:  near: one row a roll line that shares sounding name and village with somebody no number has confirmed
-- Rule:    none yet: one pass for the three steps below. Only the resident roll states villages.
SELECT roll.scheme, roll.snapshot, roll.position, roll.key, roll.name, roll.sound, roll.birth, roll.unit_code
FROM roll
SEMI JOIN (
    SELECT DISTINCT named.sound, placed.village
    FROM residual
    JOIN subject_name named USING (subject_id)
    JOIN subject_place placed USING (subject_id)
    WHERE placed.village <> ''
) wanted ON wanted.sound = roll.sound AND wanted.village = roll.unit_code
