-- Inputs:  residual(subject_id), subject_name, subject_place, blocked_line
-- Output:  link rows for review
-- Rule:    a person without a usable number is matched by phonetic key and village; more than five lines would be no evidence. A
--          possible match only: the person's code becomes undecided, and no visit is ordered.
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
