-- Kinds:   IDENTITY_CONFLICT
-- Inputs:  person, person_variant(subject_id, key, phonetic_key), person_link
-- Rule:    the number or the name of the file is wrong or in doubt: a damaged number, one number with two people, a roll line
--          with the same number and another name, a name confirmed under another writing.
-- Reason:  the first that applies, most serious first.
WITH shared AS (
    SELECT DISTINCT n.subject_id
    FROM person_variant n
    JOIN person_variant other ON other.key = n.key AND other.subject_id <> n.subject_id
), doubted AS (
    SELECT person_id, min(CASE
        WHEN rule = 'number_of_another' THEN '1 number_of_another'
        WHEN rule IN ('repaired_file_number', 'name_birth_village') THEN '3 number_repaired'
        WHEN rule = 'decided_same' AND NOT contains(comparison_vector, 'name=same;') THEN '4 name_differs'
        WHEN rule IN ('same_number_former_name', 'same_number_close_name', 'same_number_lost_character') OR comparison_vector LIKE '%name=homophone%' THEN '4 name_differs' END)[3:] AS reason
    FROM person_link
    GROUP BY person_id
)
SELECT p.person_id, 'IDENTITY_CONFLICT' AS kind,
    CASE
        WHEN s.subject_id IS NOT NULL THEN 'number_shared'
        WHEN d.reason = 'number_of_another' THEN d.reason
        WHEN contains(p.number_states, 'checksum') THEN 'number_wrong'
        WHEN contains(p.number_states, 'length') THEN 'number_length'
        WHEN contains(p.number_states, 'numeric') THEN 'number_numeric'
        ELSE d.reason END AS reason
FROM person p
LEFT JOIN shared s ON s.subject_id = p.person_id
LEFT JOIN doubted d USING (person_id)
WHERE s.subject_id IS NOT NULL OR d.reason IS NOT NULL
    OR contains(p.number_states, 'checksum') OR contains(p.number_states, 'length') OR contains(p.number_states, 'numeric')
