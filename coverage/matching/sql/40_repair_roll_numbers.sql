-- Inputs:  roll_repair(scheme, snapshot, position, phonetic_key, key), subject_key, subject_name
-- Output:  link rows
-- Rule:    a damaged number of the roll, one digit error away from a subject's right one, is confirmed if the phonetic keys of the
--          names agree; birth date and surname alone would link twins. A line that fits two poor persons goes to clerical review.
-- Source:  docs/rules.md R4; docs/matching.md#numbers-one-digit-error-away
WITH fitting AS (
    SELECT DISTINCT r.scheme, r.snapshot, r.position, keyed.subject_id
    FROM roll_repair r
    JOIN subject_key keyed ON keyed.key = r.key AND keyed.how = 'stated'
    JOIN subject_name named ON named.subject_id = keyed.subject_id AND named.phonetic_key = r.phonetic_key
)
SELECT subject_id, scheme, snapshot, position, 'repaired_roll_number' AS rule,
    CASE WHEN count(*) FILTER (subject_id > 0) OVER (PARTITION BY snapshot, position) > 1 THEN 'review' ELSE 'auto' END AS action
FROM fitting
