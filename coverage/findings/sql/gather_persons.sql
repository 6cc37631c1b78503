-- Inputs:  all_persons (the night's table person), person_variant(subject_id, key, number_birth, stated_birth),
--          person_link(person_id, roll_birth, action), repaired_birth(subject_id, birth)
-- Output:  person: what derive_codes.sql reads of each person: the birth date, whether any number is stated, the hukou unit
-- Grain:   a person called poor on the day
-- Rule:    the birth date is that of a right number, else of a confirmed roll line, else the file's own column, else the one
--          still readable in a damaged number. Where every right number a digit error away from the damaged one is a child's,
--          the person is a child whichever is right; so is who has no birth date at all and goes to kindergarten or to one of the nine
--          years of school. Nobody is born long after the night's day: such a date in a number or list is
--          none, and makes nobody a child. Without a stated hukou the unit of the file counts.
CREATE TEMP MACRO may_be_born(born) AS born <= getvariable('as_of') + INTERVAL 1 YEAR;  -- a list may be newer than the night's day
CREATE TEMP TABLE person AS
SELECT p.person_id, p.in_poverty_file, p.in_three_categories, p.hukou_outside, p.number_states = '' AS no_number,
    coalesce(right_one.birth, on_roll.birth, stated.birth, damaged.birth) AS birth, p.sex, p.categories, p.file_unit_id,
    young.subject_id IS NOT NULL AND coalesce(right_one.birth, on_roll.birth, stated.birth) IS NULL
        OR p.schooling = 'child' AND coalesce(right_one.birth, on_roll.birth, stated.birth, damaged.birth) IS NULL AS is_child_undated,
    CASE WHEN p.hukou_stated THEN p.hukou_unit_id ELSE p.file_unit_id END AS hukou_unit_id
FROM all_persons p
LEFT JOIN (SELECT subject_id, min(number_birth) AS birth FROM person_variant
           WHERE key IS NOT NULL AND may_be_born(number_birth) GROUP BY 1) right_one
    ON right_one.subject_id = p.person_id
LEFT JOIN (SELECT subject_id, min(number_birth) AS birth FROM person_variant WHERE key IS NULL AND may_be_born(number_birth) GROUP BY 1) damaged
    ON damaged.subject_id = p.person_id
LEFT JOIN (SELECT subject_id, min(stated_birth) AS birth FROM person_variant WHERE may_be_born(stated_birth) GROUP BY 1) stated ON stated.subject_id = p.person_id
LEFT JOIN (SELECT person_id, min(roll_birth) AS birth FROM person_link WHERE action = 'auto' AND may_be_born(roll_birth) GROUP BY 1) on_roll
    ON on_roll.person_id = p.person_id
LEFT JOIN (SELECT subject_id FROM repaired_birth WHERE may_be_born(birth) GROUP BY 1
           HAVING bool_and(birth + to_years(getvariable('participation_age')::INTEGER) > getvariable('as_of'))) young
    ON young.subject_id = p.person_id
