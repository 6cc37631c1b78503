-- Inputs:  residual(subject_id), subject_name, subject_place, near
-- Output:  link rows for review
-- Rule:    who has no usable number is looked for by name and village; at most five lines, else the name says nothing. A
--          lead only: it makes the person undecided, and no visit is sent.
WITH wanted AS (
    SELECT DISTINCT named.subject_id, named.sound, placed.village
    FROM residual
    JOIN subject_name named USING (subject_id)
    JOIN subject_place placed USING (subject_id)
    WHERE NOT placed.has_right_number AND length(named.sound) > 1
), alike AS (
    SELECT near.scheme, near.snapshot, near.position, w.subject_id, count(*) OVER (PARTITION BY w.subject_id) AS lines
    FROM near
    JOIN wanted w ON w.sound = near.sound AND w.village = near.unit_code
)
SELECT subject_id, scheme, snapshot, position, 'name_village' AS rule, 'review' AS action
FROM alike
WHERE lines <= 5
