-- Inputs:  unassigned(row_id, key, number, phonetic_key), known(person_id, key, number, phonetic_key)
-- Output:  row_id, person_id; one row an identified row
-- Rule:    the same damaged number and the same phonetic key of the name: one department copied it from another.
SELECT u.row_id, min(k.person_id) AS person_id
FROM unassigned u
JOIN known k ON k.number = u.number AND k.phonetic_key = u.phonetic_key
WHERE u.key IS NULL AND k.key IS NULL AND length(u.number) >= 10
GROUP BY u.row_id
HAVING count(DISTINCT k.person_id) = 1
