-- Inputs:  residual(subject_id), subject_name, subject_place(subject_id, village, has_right_number), variant(subject_id, number, key),
--          blocked_line
-- Output:  link rows
-- Rule:    a person without a right number, whose number has two digit errors: the village has one line with that phonetic key and
--          the list one such person, the name is written with identical characters, and of the first seventeen digits at most
--          two differ. Twins differ in name, a relative's number is right, namesakes have two lines: this excludes all three.
--          Similar to step 3, whose birth date is only eight of these digits.
-- Source:  docs/rules.md R4; docs/matching.md#steps
WITH wanted AS (
    SELECT DISTINCT named.subject_id, named.phonetic_key, named.name, placed.village, variant.number[:17] AS digits
    FROM residual
    JOIN subject_name named USING (subject_id)
    JOIN subject_place placed USING (subject_id)
    LEFT JOIN variant ON variant.subject_id = named.subject_id AND variant.key IS NULL AND regexp_full_match(variant.number, '[0-9]{17}.')
    WHERE NOT placed.has_right_number
), alike AS (
    SELECT blocked_line.scheme, blocked_line.snapshot, blocked_line.position, w.subject_id,
        bool_or(blocked_line.key IS NOT NULL AND w.name = blocked_line.name AND length(w.name) > 1
            AND hamming(w.digits, lpad((blocked_line.key // 11)::VARCHAR, 17, '0')) <= 2) AS two_digit_errors
    FROM blocked_line
    JOIN wanted w ON w.phonetic_key = blocked_line.phonetic_key AND w.village = blocked_line.unit_code
    GROUP BY blocked_line.scheme, blocked_line.snapshot, blocked_line.position, w.subject_id
    QUALIFY count(*) OVER (PARTITION BY subject_id) = 1 AND count(*) OVER (PARTITION BY snapshot, position) = 1
)
SELECT subject_id, scheme, snapshot, position, 'two_digit_errors' AS rule, 'auto' AS action
FROM alike
WHERE two_digit_errors
