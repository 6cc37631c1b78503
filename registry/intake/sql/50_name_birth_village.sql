-- Inputs:  unassigned(row_id, key, phonetic_key, birth, unit_id), known(person_id, key, phonetic_key, birth, unit_id)
-- Output:  row_id, person_id; one row an identified row
-- Rule:    the same phonetic key of the name, the same birth date and the same village, unique on both sides, when at least one of
--          the two has no right number: two right numbers that differ are two people (twins, namesakes).
WITH numbered AS (
    SELECT person_id, bool_or(key IS NOT NULL) AS has_right_number FROM known GROUP BY person_id
), pairs AS (
    SELECT DISTINCT u.row_id, k.person_id
    FROM unassigned u
    JOIN known k ON k.phonetic_key = u.phonetic_key AND k.birth = u.birth AND k.unit_id = u.unit_id
    JOIN numbered n ON n.person_id = k.person_id
    WHERE u.key IS NULL OR NOT n.has_right_number
), counted AS (
    SELECT row_id, person_id,
           count(*) OVER (PARTITION BY row_id) AS persons,
           count(*) OVER (PARTITION BY person_id) AS rows_of_person
    FROM pairs
)
SELECT row_id, person_id FROM counted WHERE persons = 1 AND rows_of_person = 1
