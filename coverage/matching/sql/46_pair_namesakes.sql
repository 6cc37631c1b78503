-- Inputs:  unlinked(subject_id), variant(subject_id, phonetic_key, number), subject_place(subject_id, birth, has_right_number), roll
-- Output:  namesake(subject_id, snapshot, position, two_digit_errors): a person without a right number, and a line with the same
--          phonetic key on a roll without villages that either has a number in which one or two digits differ
--          (two_digit_errors), or is one of at most five such lines of a person without a birth date either
-- Rule:    blocking only: step 70 compares the texts. A common name has thousands of lines; the further conditions are applied
--          here, so that no later step reads them all.
WITH wanted AS (
    SELECT DISTINCT variant.subject_id, name_code(variant.phonetic_key) AS called, placed.birth IS NULL AS undated,
        CASE WHEN regexp_full_match(variant.number, '[0-9]{17}.') THEN variant.number[:17] END AS digits
    FROM unlinked
    JOIN variant USING (subject_id)
    JOIN subject_place placed USING (subject_id)
    WHERE NOT placed.has_right_number AND length(variant.phonetic_key) > 1
), namesake AS (
    SELECT w.subject_id, roll.snapshot, roll.position, w.undated,
        coalesce(hamming(w.digits, lpad((roll.key // 11)::VARCHAR, 17, '0')) <= 2, false) AS two_digit_errors
    FROM roll JOIN wanted w ON w.called = name_of(roll.name_place)
    WHERE roll.scheme <> 'resident' AND (w.undated OR w.digits IS NOT NULL)
), few AS (
    SELECT subject_id FROM namesake WHERE undated GROUP BY subject_id HAVING count(DISTINCT (snapshot, position)) <= 5
)
SELECT DISTINCT subject_id, snapshot, position, two_digit_errors FROM namesake
WHERE two_digit_errors OR undated AND subject_id IN (FROM few)
