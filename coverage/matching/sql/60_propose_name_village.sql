-- Inputs:  residual(subject_id), subject_name, subject_place, blocked_line
-- Output:  link rows for review
-- Rule:    who has no usable number is looked for by name and village; at most five lines, else the name says nothing. A
--          lead only: it makes the person undecided, and no visit is sent.
WITH wanted AS (
    SELECT DISTINCT named.subject_id, named.phonetic_key, placed.village
    FROM residual
    JOIN subject_name named USING (subject_id)
    JOIN subject_place placed USING (subject_id)
    WHERE NOT placed.has_right_number AND length(named.phonetic_key) > 1
), alike AS (
    SELECT blocked_line.scheme, blocked_line.snapshot, blocked_line.position, w.subject_id, count(*) OVER (PARTITION BY w.subject_id) AS lines
    FROM blocked_line
    JOIN wanted w ON w.phonetic_key = blocked_line.phonetic_key AND w.village = blocked_line.unit_code
)
SELECT subject_id, scheme, snapshot, position, 'name_village' AS rule, 'review' AS action
FROM alike
WHERE lines <= 5
