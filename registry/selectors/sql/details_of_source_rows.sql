-- Inputs:  source_rows, which the caller defines from sql/source_rows.sql
-- Output:  person_id, name, unit_id, birth_date, sex: 42, 王强, 1207, 1958-12-15, 1
-- Grain:   one row a person
-- Rule:    name and place of the row that decides, birth date and sex of the first row with a right number. A name with a lost
--          character is taken from the next row that has it whole and otherwise the same.
SELECT first.person_id, coalesce(whole.name, first.name) AS name, first.unit_id, numbered.birth_date, numbered.sex
FROM source_rows first
LEFT JOIN LATERAL (
    SELECT r.name FROM source_rows r
    WHERE position('〓' IN first.name) > 0 AND r.person_id = first.person_id AND position('〓' IN r.name) = 0
      AND r.name LIKE replace(first.name, '〓', '_')
    ORDER BY r.place LIMIT 1
) whole ON true
LEFT JOIN (
    SELECT DISTINCT ON (r.person_id) r.person_id, r.birth_date, r.sex FROM source_rows r
    WHERE r.is_numbered ORDER BY r.person_id, r.place
) numbered ON numbered.person_id = first.person_id
WHERE first.place = 1
