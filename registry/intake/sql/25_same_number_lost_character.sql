-- Inputs:  unassigned(row_id, key, phonetic_key), known(person_id, key, phonetic_key)
-- Output:  row_id, person_id; one row an identified row
-- Rule:    the same right number, and of the name every character that is not lost (〓) has the same reading: 王〓 is 王䶮. At least one
--          character must be there, and only one person may fit.
SELECT u.row_id, min(k.person_id) AS person_id
FROM unassigned u
JOIN known k ON k.key = u.key
WHERE (contains(u.phonetic_key, '〓') OR contains(k.phonetic_key, '〓'))
  AND replace(u.phonetic_key, '〓', '') <> '' AND replace(k.phonetic_key, '〓', '') <> ''
  AND (k.phonetic_key LIKE replace(u.phonetic_key, '〓', '_') OR u.phonetic_key LIKE replace(k.phonetic_key, '〓', '_'))
GROUP BY u.row_id
HAVING count(DISTINCT k.person_id) = 1
