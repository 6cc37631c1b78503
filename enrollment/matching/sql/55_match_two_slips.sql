-- Inputs:  residual(subject_id), subject_name, subject_place(subject_id, village, has_right_number), form(subject_id, number, key),
--          near
-- Output:  link rows
-- Rule:    who has no right number, but one with two slips: the village has one line of that name and the list one such
--          person, the name is written with the very same characters, and of the first seventeen digits at most two differ.
--          Twins differ in the name, a relative's number is right, of namesakes there are two lines: none of them comes here.
--          As step 3, whose birth date is but eight of these digits.
-- Source:  DESIGN.md 8 steps 2 and 3.
WITH wanted AS (
    SELECT DISTINCT named.subject_id, named.sound, named.name, placed.village, form.number[:17] AS digits
    FROM residual
    JOIN subject_name named USING (subject_id)
    JOIN subject_place placed USING (subject_id)
    LEFT JOIN form ON form.subject_id = named.subject_id AND form.key IS NULL AND regexp_full_match(form.number, '[0-9]{17}.')
    WHERE NOT placed.has_right_number
), alike AS (
    SELECT near.scheme, near.snapshot, near.position, w.subject_id,
        bool_or(near.key IS NOT NULL AND w.name = near.name AND length(w.name) > 1
            AND hamming(w.digits, lpad((near.key // 11)::VARCHAR, 17, '0')) <= 2) AS two_slips
    FROM near
    JOIN wanted w ON w.sound = near.sound AND w.village = near.unit_code
    GROUP BY near.scheme, near.snapshot, near.position, w.subject_id
    QUALIFY count(*) OVER (PARTITION BY subject_id) = 1 AND count(*) OVER (PARTITION BY snapshot, position) = 1
)
SELECT subject_id, scheme, snapshot, position, 'two_slips' AS rule, 'auto' AS action
FROM alike
WHERE two_slips
