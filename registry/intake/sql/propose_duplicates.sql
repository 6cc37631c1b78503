-- Inputs:  called(person_id, feed, phonetic_key, number_id, village_id), one row per person x file x name x number; number_id is
--          null unless the number is right, village_id unless the village is known
-- Output:  rows (person_a, person_b, reason), person_a < person_b, each pair once
-- Rule:    two persons are possible duplicates when files give them the same right number under different names, or the same phonetic
--          key in the same village while one has no right number or no file names both (a relative's number in one of two
--          files). Two namesakes in one file, each with a right number, are two people: those pairs are never made, a
--          village of a thousand of one name has half a million.
WITH person AS (
    SELECT person_id, bool_or(number_id IS NOT NULL) AS has_right_number,
        bit_or(CASE feed WHEN 'poverty' THEN 1 WHEN 'dibao' THEN 2 ELSE 4 END) AS feeds
    FROM called GROUP BY person_id
), placed AS (
    SELECT DISTINCT person_id, phonetic_key, village_id, has_right_number, feeds
    FROM called JOIN person USING (person_id) WHERE village_id IS NOT NULL
), possible AS (
    SELECT a.person_id AS one, b.person_id AS other, 'same_number_other_name' AS reason
    FROM called a JOIN called b ON b.number_id = a.number_id AND b.person_id > a.person_id
    UNION ALL
    SELECT a.person_id, b.person_id, 'same_name_and_village'
    FROM placed a
    JOIN placed b ON b.phonetic_key = a.phonetic_key AND b.village_id = a.village_id AND b.person_id <> a.person_id
    WHERE NOT a.has_right_number
    UNION ALL
    SELECT a.person_id, b.person_id, 'same_name_and_village'
    FROM placed a
    JOIN range(1, 8) apart (feeds) ON apart.feeds & a.feeds = 0
    JOIN placed b ON b.phonetic_key = a.phonetic_key AND b.village_id = a.village_id AND b.feeds = apart.feeds
    WHERE a.has_right_number AND b.has_right_number
)
SELECT least(one, other) AS person_a, greatest(one, other) AS person_b, max(reason) AS reason
FROM possible GROUP BY ALL
