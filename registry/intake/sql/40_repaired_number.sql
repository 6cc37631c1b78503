-- Inputs:  unassigned(row_id, key, sound), known(person_id, key, sound), unassigned_repairs(row_id, key),
--          known_repairs(person_id, key)
-- Output:  rows (row_id, person_id)
-- Rule:    a damaged number one slip away from a right one, on either side, with a name that sounds the same.
SELECT row_id, min(person_id) AS person_id
FROM (
    SELECT u.row_id, k.person_id
    FROM unassigned u
    JOIN unassigned_repairs r ON r.row_id = u.row_id
    JOIN known k ON k.key = r.key AND k.sound = u.sound
    UNION ALL
    SELECT u.row_id, k.person_id
    FROM unassigned u
    JOIN known_repairs r ON r.key = u.key
    JOIN known k ON k.person_id = r.person_id AND k.sound = u.sound
)
GROUP BY row_id
HAVING count(DISTINCT person_id) = 1
