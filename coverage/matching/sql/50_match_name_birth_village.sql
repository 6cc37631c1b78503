-- Inputs:  residual(subject_id), subject_name, subject_place(subject_id, birth, village, has_right_number), blocked_line
-- Output:  link rows
-- Rule:    the name sounds the same, the birth date and the village are the same, on both sides only once, and the two have
--          no two right numbers that differ: twins and namesakes have. The files state no birth date: it is the one read
--          from a number too damaged to repair.
-- Source:  DESIGN.md 8 step 3.
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
