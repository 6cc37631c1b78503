-- Inputs:  roll(position, row, part, roll_no, name, sound, number, number_state, key, birth_in_number, sex_in_number, sex, birth,
--          unit_code, status, joined, benefit_start), all text but key, birth_in_number, sex_in_number, position, row
--          and the days birth, joined, benefit_start; in the order of position
-- Output:  one row a roll line, in the order of the file
-- Rule:    the birth date is the number's when the number is right, else the stated one; both are kept apart, because a
--          date read from a number is no evidence for that number.
SELECT
    position::INTEGER AS position,
    row::INTEGER AS line,
    part,
    trim(roll_no) AS roll_no,
    name,
    sound,
    number,
    number_state,
    key,
    coalesce(CASE WHEN key IS NOT NULL THEN birth_in_number END, birth, birth_in_number) AS birth,
    birth AS stated_birth,
    (CASE WHEN key IS NOT NULL THEN sex_in_number WHEN sex LIKE '男%' OR sex = '1' THEN 1 WHEN sex LIKE '女%' OR sex = '2' THEN 2 ELSE 0 END)::TINYINT AS sex,
    trim(unit_code) AS unit_code,
    status,
    joined AS joined_date,
    benefit_start AS benefit_start_month
FROM roll
