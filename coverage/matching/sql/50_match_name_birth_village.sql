-- Inputs:  residual(subject_id), subject_name, subject_place(subject_id, birth, village, has_right_number), blocked_line
-- Output:  link rows
-- Rule:    phonetic key, birth date and village are the same, unique on both sides, and the two do not have two right numbers
--          that differ: twins and namesakes do. The files state no birth date: it is the one read from a number too damaged
--          to repair.
-- Source:  docs/rules.md R4; docs/matching.md#steps
WITH wanted AS (
    SELECT DISTINCT named.subject_id, named.phonetic_key, placed.birth, placed.village, placed.has_right_number
    FROM residual
    JOIN subject_name named USING (subject_id)
    JOIN subject_place placed USING (subject_id)
    WHERE placed.birth IS NOT NULL
), alike AS (
    SELECT blocked_line.scheme, blocked_line.snapshot, blocked_line.position, blocked_line.key, w.subject_id, w.has_right_number,
        count(*) OVER (PARTITION BY w.subject_id) AS lines,
        count(*) OVER (PARTITION BY blocked_line.snapshot, blocked_line.position) AS subjects
    FROM blocked_line
    JOIN wanted w ON w.birth = blocked_line.birth AND w.phonetic_key = blocked_line.phonetic_key AND w.village = blocked_line.unit_code
)
SELECT subject_id, scheme, snapshot, position, 'name_birth_village' AS rule, 'auto' AS action
FROM alike
WHERE lines = 1 AND subjects = 1 AND (key IS NULL OR NOT has_right_number)
