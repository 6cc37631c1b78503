-- Inputs:  unassigned(row_id, record_key, phonetic_key, key, ...), known(person_id, record_key, phonetic_key, ...)
-- Output:  row_id, person_id; one row an identified row
-- Rule:    the sender's own key of the line with the same name is the same person as in that sender's earlier file,
--          whatever the number: the sender may have corrected it.
SELECT u.row_id, min(k.person_id) AS person_id
FROM unassigned u
JOIN known k ON k.record_key = u.record_key AND k.phonetic_key = u.phonetic_key
WHERE u.record_key <> ''
GROUP BY u.row_id
HAVING count(DISTINCT k.person_id) = 1
