-- Inputs:  residual(subject_id), subject_name, subject_place(subject_id, village, birth, has_right_number), roll
-- Output:  name_place_block(snapshot, position): a roll line with the blocking key of a person no number has confirmed: phonetic key
--          and village; for persons without a right number, birth date and surname
-- Rule:    blocking only: the lines steps 50 to 70 compare. A missing value is in no block. Only the resident roll states villages.
--          Integer codes represent the texts, so that each pass over the roll reads little; the later steps compare the texts.
WITH wanted AS (
    SELECT DISTINCT named.phonetic_key, placed.village, placed.birth, placed.has_right_number
    FROM residual
    JOIN subject_name named USING (subject_id)
    JOIN subject_place placed USING (subject_id)
), unnumbered AS (
    SELECT DISTINCT surname_code(phonetic_key) AS surname, birth FROM wanted WHERE NOT has_right_number
)
SELECT snapshot, position FROM roll
SEMI JOIN (SELECT name_place(phonetic_key, village) AS here FROM wanted WHERE village <> '') ON here = roll.name_place
WHERE scheme = 'resident'
UNION
SELECT snapshot, position FROM roll
SEMI JOIN unnumbered ON unnumbered.birth = roll.birth AND unnumbered.surname = surname_of(roll.name_place)
