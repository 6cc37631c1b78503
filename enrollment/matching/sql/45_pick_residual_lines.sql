-- Inputs:  residual(subject_id), subject_name, subject_place(subject_id, village, birth, has_right_number), roll
-- Output:  near: one row a roll line that shares something with somebody no number has confirmed: sounding name and village;
--          with who has no right number, birth date and surname, or on a roll that states no village the name
-- Rule:    none yet: what the steps below look at. A missing value shares nothing. Only the resident roll states villages.
WITH wanted AS (
    SELECT DISTINCT named.sound, placed.village, placed.birth, placed.has_right_number
    FROM residual
    JOIN subject_name named USING (subject_id)
    JOIN subject_place placed USING (subject_id)
), unnumbered AS (
    SELECT * FROM wanted WHERE NOT has_right_number
)
SELECT scheme, snapshot, position, key, name, sound, birth, unit_code FROM roll
SEMI JOIN wanted ON wanted.sound = roll.sound AND wanted.village = roll.unit_code AND wanted.village <> ''
WHERE scheme = 'resident'
UNION
SELECT scheme, snapshot, position, key, name, sound, birth, unit_code
FROM (SELECT * FROM roll SEMI JOIN unnumbered ON unnumbered.birth = roll.birth) born  -- first the cheap comparison
SEMI JOIN unnumbered ON unnumbered.birth = born.birth AND unnumbered.sound[1] = born.sound[1]
UNION
SELECT scheme, snapshot, position, key, name, sound, birth, unit_code FROM roll
SEMI JOIN unnumbered ON unnumbered.sound = roll.sound AND length(unnumbered.sound) > 1
WHERE scheme <> 'resident'
