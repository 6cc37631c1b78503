-- Inputs:  unassigned(row_id, key, phonetic_key), known(person_id, key, phonetic_key), unassigned_repairs(row_id, key),
--          known_repairs(person_id, key)
-- Output:  row_id, person_id; one row an identified row
-- Rule:    a damaged number one digit error away from a right one, on either side, and the same phonetic key of the name. A person who
--          has a right number gets no other one, and a damaged person whom two right numbers fit gets neither: twins.
WITH claimed AS (
    SELECT u.row_id, k.person_id,
        count(DISTINCT u.key) OVER (PARTITION BY k.person_id) AS numbers
    FROM unassigned u
    JOIN known_repairs r ON r.key = u.key
    JOIN known k ON k.person_id = r.person_id AND k.phonetic_key = u.phonetic_key
    ANTI JOIN (SELECT person_id FROM known WHERE key IS NOT NULL) right_one ON right_one.person_id = k.person_id
), fitting AS (
    SELECT u.row_id, k.person_id
    FROM unassigned u
    JOIN unassigned_repairs r ON r.row_id = u.row_id
    JOIN known k ON k.key = r.key AND k.phonetic_key = u.phonetic_key
    UNION ALL
    SELECT row_id, person_id FROM claimed WHERE numbers = 1
)
SELECT row_id, min(person_id) AS person_id
FROM fitting
GROUP BY row_id
HAVING count(DISTINCT person_id) = 1
