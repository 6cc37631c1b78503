-- Inputs:  person_variant(subject_id, name, phonetic_key, number, key, number_birth, village)
-- Output:  person_line: the persons as a roll of their own; roll_no is the person's id
-- Grain:   a variant of a person
CREATE TEMP TABLE person_line AS
SELECT row_number() OVER ()::INTEGER AS position, '' AS part, position AS line, subject_id::VARCHAR AS roll_no,
    name, phonetic_key, number, key, number_birth AS birth, village AS unit_code, '' AS status
FROM person_variant
