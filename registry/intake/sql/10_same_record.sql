-- Inputs:  unassigned and all_rows(row_id, record_key, phonetic_key, key, ...), known(person_id, record_key, phonetic_key, key, ...)
-- Output:  row_id, person_id; one row an identified row
-- Rule:    the sender's own key of the line with the same name is the same person as in that sender's earlier file,
--          whatever the number: the sender may have corrected it. Not where the line's right number is another's of that name and this
--          person's own stands on another line: then the sender has numbered the lines anew.
SELECT u.row_id, min(k.person_id) AS person_id
FROM unassigned u
JOIN known k ON k.record_key = u.record_key AND k.phonetic_key = u.phonetic_key
WHERE u.record_key <> ''
  AND NOT (u.key IS NOT NULL
      AND EXISTS (SELECT 1 FROM known o WHERE o.key = u.key AND o.phonetic_key = u.phonetic_key AND o.person_id <> k.person_id)
      AND EXISTS (SELECT 1 FROM known own JOIN all_rows r ON r.key = own.key AND r.phonetic_key = own.phonetic_key
                  WHERE own.person_id = k.person_id AND r.row_id <> u.row_id)
      AND NOT EXISTS (SELECT 1 FROM known own WHERE own.key = u.key AND own.person_id = k.person_id))
GROUP BY u.row_id
HAVING count(DISTINCT k.person_id) = 1
