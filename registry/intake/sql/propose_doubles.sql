-- Inputs:  called(person_id, feed, sound, number_id, village_id), one row per person x file x name x number; number_id is
--          null unless the number is right, village_id unless the village is known
-- Output:  rows (person_a, person_b, reason), person_a < person_b, each pair once
-- Rule:    two persons are in doubt when files give them the same right number under different names, or the same sounding
--          name in the same village while one has no right number or no file names both (a relative's number in one of two
--          files). Two namesakes in one file, each with a right number, are two people.
WITH person AS (
    SELECT person_id, bool_or(number_id IS NOT NULL) AS has_right_number, list(DISTINCT feed) AS feeds
    FROM called GROUP BY person_id
), doubt AS (
    SELECT a.person_id AS person_a, b.person_id AS person_b, 'same_number_other_name' AS reason
    FROM called a JOIN called b ON b.number_id = a.number_id AND b.person_id > a.person_id
    UNION ALL
    SELECT a.person_id, b.person_id, 'same_name_and_village'
    FROM called a
    JOIN called b ON b.sound = a.sound AND b.village_id = a.village_id AND b.person_id > a.person_id
    JOIN person one ON one.person_id = a.person_id
    JOIN person other ON other.person_id = b.person_id
    WHERE NOT (one.has_right_number AND other.has_right_number) OR NOT list_has_any(one.feeds, other.feeds)
)
SELECT person_a, person_b, max(reason) AS reason FROM doubt GROUP BY person_a, person_b
