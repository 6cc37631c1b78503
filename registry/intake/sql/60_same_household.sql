-- Inputs:  unassigned(row_id, record_key, key, phonetic_key), all_rows, assigned(row_id, person_id), known(person_id, key, phonetic_key),
--          known_household(person_id, household), one_phone(phone, household, list)
-- Output:  row_id, person_id; one row an identified row
-- Rule:    two departments' households that share a person found by number, or a telephone neither list states for another
--          household, also share another person of the same phonetic key, once on each side, when one of the two has no
--          right number, or only one that another member of the household bears, too, under another name: it is a relative's.
WITH relative AS (
    SELECT DISTINCT u.row_id, household_of(u.record_key) AS household, h.household AS other_household
    FROM unassigned u
    JOIN all_rows m ON household_of(m.record_key) = household_of(u.record_key) AND m.row_id <> u.row_id
    JOIN assigned a ON a.row_id = m.row_id
    JOIN known_household h ON h.person_id = a.person_id AND h.household <> household_of(u.record_key)
    WHERE household_of(u.record_key) <> ''
    UNION
    SELECT u.row_id, own.household, other.household
    FROM unassigned u
    JOIN one_phone own ON own.household = household_of(u.record_key)
    JOIN one_phone other ON other.phone = own.phone AND other.list <> own.list
), shared_key AS (
    SELECT DISTINCT k.person_id, k.key
    FROM known k
    JOIN known other ON other.key = k.key AND other.person_id <> k.person_id AND other.phonetic_key <> k.phonetic_key
    JOIN known_household h ON h.person_id = k.person_id
    JOIN known_household o ON o.person_id = other.person_id AND o.household = h.household
), numbered AS (
    SELECT k.person_id, bool_or(k.key IS NOT NULL AND s.key IS NULL) AS has_right_number
    FROM known k LEFT JOIN shared_key s USING (person_id, key)
    GROUP BY k.person_id
), borrowing AS (
    SELECT DISTINCT u.row_id
    FROM unassigned u
    JOIN all_rows m ON m.key = u.key AND m.phonetic_key <> u.phonetic_key AND household_of(m.record_key) = household_of(u.record_key)
    WHERE household_of(u.record_key) <> ''
), pairs AS (
    SELECT DISTINCT u.row_id, k.person_id
    FROM unassigned u
    JOIN relative r ON r.row_id = u.row_id
    JOIN known_household h ON h.household = r.other_household
    JOIN known k ON k.person_id = h.person_id AND k.phonetic_key = u.phonetic_key AND length(u.phonetic_key) > 1
    JOIN numbered n ON n.person_id = k.person_id
    LEFT JOIN borrowing b ON b.row_id = u.row_id
    WHERE (u.key IS NULL OR b.row_id IS NOT NULL OR NOT n.has_right_number)
      AND NOT EXISTS (
          SELECT 1 FROM known_household own WHERE own.person_id = k.person_id AND own.household = r.household
      )
), counted AS (
    SELECT row_id, person_id,
           count(*) OVER (PARTITION BY row_id) AS persons,
           count(*) OVER (PARTITION BY person_id) AS rows_of_person
    FROM pairs
)
SELECT row_id, person_id FROM counted WHERE persons = 1 AND rows_of_person = 1
