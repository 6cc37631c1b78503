-- Inputs:  unlinked(subject_id): poor persons without a confirmed line on any roll; subject_name, subject_place, roll
-- Output:  alike_line: one row a roll line that shares with one of them the birth date and surname, or, where it states no
--          village, the whole name
-- Rule:    none yet: one pass for the step below; what shares name and village stands in `near`. A missing date or name
--          shares nothing.
WITH wanted AS (
    SELECT DISTINCT placed.birth, named.sound[1] AS surname FROM unlinked
    JOIN subject_name named USING (subject_id) JOIN subject_place placed USING (subject_id)
    WHERE placed.birth IS NOT NULL
), nameless AS (
    SELECT DISTINCT named.sound FROM unlinked
    JOIN subject_name named USING (subject_id) JOIN subject_place placed USING (subject_id)
    WHERE NOT placed.has_right_number AND length(named.sound) > 1
)
SELECT roll.scheme, roll.snapshot, roll.position, roll.key, roll.sound, roll.birth, roll.unit_code
FROM roll SEMI JOIN wanted ON wanted.birth = roll.birth AND wanted.surname = roll.sound[1]
UNION
SELECT roll.scheme, roll.snapshot, roll.position, roll.key, roll.sound, roll.birth, roll.unit_code
FROM roll SEMI JOIN nameless ON nameless.sound = roll.sound
WHERE roll.scheme <> 'resident'
