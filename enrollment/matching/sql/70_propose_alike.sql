-- Inputs:  unlinked(subject_id), subject_name, subject_place, near, namesake, number_pair, touched
-- Output:  link rows for review
-- Rule:    what is left is looked for by what two records of one person still share (blocks, DESIGN.md 8 step 4): name and
--          village, though both have right numbers that differ; a number one slip away, village and surname. For who has no
--          right number (twins and namesakes have): birth date, village and surname, though the names differ; name and birth
--          date in another village; on a roll without villages the name, with a number of one or two other digits or, for
--          who has none, alone. More than five lines of one block say nothing, unless, up to fifty, their numbers tell them apart.
--          Leads only.
WITH wanted AS (
    SELECT DISTINCT named.subject_id, named.sound, placed.village, placed.birth, placed.has_right_number
    FROM unlinked
    JOIN subject_name named USING (subject_id)
    JOIN subject_place placed USING (subject_id)
    WHERE length(named.sound) > 1
), alike AS (
    SELECT w.subject_id, near.scheme, near.snapshot, near.position, 'name_village_other_number' AS rule
    FROM wanted w JOIN near ON near.sound = w.sound AND near.unit_code = w.village
    WHERE w.has_right_number
    UNION
    SELECT w.subject_id, a.scheme, a.snapshot, a.position, 'birth_village_surname'
    FROM wanted w JOIN near a ON a.birth = w.birth AND a.unit_code = w.village AND a.sound[1] = w.sound[1]
    WHERE a.sound <> w.sound AND NOT w.has_right_number
    UNION
    SELECT w.subject_id, a.scheme, a.snapshot, a.position, 'name_birth'
    FROM wanted w JOIN near a ON a.birth = w.birth AND a.sound = w.sound
    WHERE a.unit_code IS DISTINCT FROM w.village AND NOT w.has_right_number
    UNION
    SELECT w.subject_id, a.scheme, a.snapshot, a.position, 'name_two_slips'
    FROM wanted w JOIN namesake USING (subject_id) JOIN near a USING (snapshot, position)
    WHERE a.sound = w.sound AND namesake.two_slips
    UNION
    SELECT w.subject_id, a.scheme, a.snapshot, a.position, 'name_only'
    FROM wanted w JOIN namesake USING (subject_id) JOIN near a USING (snapshot, position)
    WHERE a.sound = w.sound AND w.birth IS NULL AND w.subject_id NOT IN (SELECT subject_id FROM link)
    UNION
    SELECT w.subject_id, pair.scheme, pair.snapshot, pair.position, 'number_slip_other_name'
    FROM wanted w JOIN number_pair pair USING (subject_id) JOIN touched t USING (scheme, snapshot, position)
    WHERE pair.how = 'repaired' AND NOT pair.sound_same AND t.sound[1] = w.sound[1] AND t.unit_code = w.village
), few AS (
    SELECT *, count(*) OVER (PARTITION BY subject_id, rule) AS lines FROM alike
)
SELECT subject_id, scheme, snapshot, position, min(rule) AS rule, 'review' AS action
FROM few WHERE lines <= CASE rule WHEN 'name_village_other_number' THEN 50 ELSE 5 END GROUP BY ALL
