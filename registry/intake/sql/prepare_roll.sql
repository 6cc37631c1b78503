-- Inputs:  roll(key, birth_in_number, sex_in_number, sex, birth, phonetic_key, unit_code): lines of a roll in the order of the file; what is
--          read from the number, the sex as written, the stated day, the phonetic key of the name, the unit
-- Output:  birth, sex (1 man, 2 woman, 0 unknown), name_place (phonetic key and unit as one integer): one row a line, same order
-- Rule:    the birth date is the number's when the number is right, else the stated one; both are kept apart, because a
--          date read from a number is no evidence for that number.
SELECT
    coalesce(CASE WHEN key IS NOT NULL THEN birth_in_number END, birth, birth_in_number) AS birth,
    (CASE WHEN key IS NOT NULL THEN sex_in_number WHEN sex LIKE '男%' OR sex = '1' THEN 1 WHEN sex LIKE '女%' OR sex = '2' THEN 2 ELSE 0 END)::TINYINT AS sex,
    name_place(phonetic_key, unit_code) AS name_place
FROM roll
