-- Inputs:  unassigned(row_id, key, phonetic_key), known(person_id, key, phonetic_key)
-- Output:  row_id, person_id; one row an identified row
-- Rule:    the same right number and the same phonetic key of the name; of two persons already known by it, the first. The same
--          number with another name may be a relative's: they remain two persons, and both get the gap IDENTITY_CONFLICT.
SELECT u.row_id, min(k.person_id) AS person_id
FROM unassigned u
JOIN known k ON k.key = u.key AND k.phonetic_key = u.phonetic_key
GROUP BY u.row_id
