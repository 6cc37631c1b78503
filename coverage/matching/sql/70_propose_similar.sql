-- Inputs:  unlinked(subject_id), subject_name, subject_place, blocked_line, namesake, number_pair, number_block
-- Output:  link rows for review
-- Rule:    persons still unlinked are compared on what two records of one person still share (blocks, docs/matching.md#steps): name
--          and village, though both have right numbers that differ; a number one digit error away, village and surname. For
--          persons without a right number (twins and namesakes have one): birth date, village and surname, though the names
--          differ; name and birth date in another village; on a roll without villages the name, with a number in which one or
--          two digits differ or, for persons without a number, the name alone. More than five lines in one block are no
--          evidence, unless, up to fifty, their numbers distinguish them. Possible matches only.
WITH wanted AS (
    SELECT DISTINCT named.subject_id, named.phonetic_key, placed.village, placed.birth, placed.has_right_number
    FROM unlinked
    JOIN subject_name named USING (subject_id)
    JOIN subject_place placed USING (subject_id)
    WHERE length(named.phonetic_key) > 1
), alike AS (
    SELECT w.subject_id, blocked_line.scheme, blocked_line.snapshot, blocked_line.position, 'name_village_other_number' AS rule
    FROM wanted w JOIN blocked_line ON blocked_line.phonetic_key = w.phonetic_key AND blocked_line.unit_code = w.village
    WHERE w.has_right_number
    UNION
    SELECT w.subject_id, a.scheme, a.snapshot, a.position, 'birth_village_surname'
    FROM wanted w JOIN blocked_line a ON a.birth = w.birth AND a.unit_code = w.village AND a.phonetic_key[1] = w.phonetic_key[1]
    WHERE a.phonetic_key <> w.phonetic_key AND NOT w.has_right_number
    UNION
    SELECT w.subject_id, a.scheme, a.snapshot, a.position, 'name_birth'
    FROM wanted w JOIN blocked_line a ON a.birth = w.birth AND a.phonetic_key = w.phonetic_key
    WHERE a.unit_code IS DISTINCT FROM w.village AND NOT w.has_right_number
    UNION
    SELECT w.subject_id, a.scheme, a.snapshot, a.position, 'name_two_digit_errors'
    FROM wanted w JOIN namesake USING (subject_id) JOIN blocked_line a USING (snapshot, position)
    WHERE a.phonetic_key = w.phonetic_key AND namesake.two_digit_errors
    UNION
    SELECT w.subject_id, a.scheme, a.snapshot, a.position, 'name_only'
    FROM wanted w JOIN namesake USING (subject_id) JOIN blocked_line a USING (snapshot, position)
    WHERE a.phonetic_key = w.phonetic_key AND w.birth IS NULL AND w.subject_id NOT IN (SELECT subject_id FROM link)
    UNION
    SELECT w.subject_id, pair.scheme, pair.snapshot, pair.position, 'digit_error_other_name'
    FROM wanted w JOIN number_pair pair USING (subject_id) JOIN number_block t USING (scheme, snapshot, position)
    WHERE pair.how = 'repaired' AND NOT pair.same_phonetic_key AND t.phonetic_key[1] = w.phonetic_key[1] AND t.unit_code = w.village
), few AS (
    SELECT *, count(*) OVER (PARTITION BY subject_id, rule) AS lines FROM alike
)
SELECT subject_id, scheme, snapshot, position, min(rule) AS rule, 'review' AS action
FROM few WHERE lines <= CASE rule WHEN 'name_village_other_number' THEN 50 ELSE 5 END GROUP BY ALL
