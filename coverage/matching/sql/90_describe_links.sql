-- Inputs:  doubtful: one row a link that 85 left, with an id, and of its line place, name, plain, phonetic_key, birth, unit_code, key;
--          name_count(scheme, called, share), variant(subject_id, number), subject_name, subject_key, subject_place
-- Output:  one row a link: the pair, its rule and action, the line's place, and how each field compares: number 1 to 9, rarity 0 to
--          3, name 1 to 5, birth 1 to 5, village 1 to 4, best first; 92_name_comparison_vectors.sql says what they mean
-- Rule:    the verdicts explain the link to a person and give a lead its score; they decide nothing. Of several names,
--          numbers and places the best counts. How the digits of two numbers compare, and how rare a name is, says something
--          only where a person decides.
WITH compared AS (
    SELECT doubtful.id,
        min(CASE
            WHEN n.name = doubtful.name THEN 1
            WHEN n.plain = doubtful.plain THEN 2
            WHEN n.phonetic_key = doubtful.phonetic_key THEN 3
            WHEN n.phonetic_key[1] = doubtful.phonetic_key[1] THEN 4
            ELSE 5 END)::TINYINT AS name,
        min(CASE
            WHEN p.birth IS NULL OR doubtful.birth IS NULL THEN 4
            WHEN p.birth = doubtful.birth THEN 1
            WHEN month(p.birth) = day(doubtful.birth) AND day(p.birth) = month(doubtful.birth) THEN 2
            WHEN (year(p.birth) = year(doubtful.birth))::INT + (month(p.birth) = month(doubtful.birth))::INT
                + (day(p.birth) = day(doubtful.birth))::INT = 2 THEN 3
            ELSE 5 END)::TINYINT AS birth,
        min(CASE
            WHEN doubtful.scheme <> 'resident' OR p.village = '' THEN 3
            WHEN p.village = doubtful.unit_code THEN 1
            WHEN p.village[:9] = doubtful.unit_code[:9] THEN 2
            ELSE 4 END)::TINYINT AS village
    FROM doubtful
    LEFT JOIN subject_name n USING (subject_id)
    LEFT JOIN subject_place p USING (subject_id)
    GROUP BY doubtful.id
), digits AS (
    SELECT doubtful.id, variant.number, lpad((doubtful.key // 11)::VARCHAR, 17, '0') AS on_roll
    FROM doubtful JOIN variant USING (subject_id)
    WHERE doubtful.action = 'review' AND length(variant.number) >= 10 AND doubtful.key IS NOT NULL
), numbered AS (
    SELECT id, min(CASE
        WHEN length(number) = 18 AND hamming(number[:17], on_roll) <= 2 THEN 5
        WHEN length(number) = 18 AND number[:6] = on_roll[:6] AND number[15:17] = on_roll[15:17] THEN 6
        WHEN number[:14] = on_roll[:14] THEN 7
        ELSE 8 END)::TINYINT AS number
    FROM digits GROUP BY id
)
SELECT doubtful.id, doubtful.subject_id, doubtful.scheme, doubtful.snapshot, doubtful.position, doubtful.rule, doubtful.action, doubtful.place,
    CASE
        WHEN doubtful.rule = 'repaired_roll_number' THEN 4
        WHEN keyed.how = 'stated' THEN 1
        WHEN keyed.how = 'former' THEN 2
        WHEN keyed.how = 'repaired' THEN 3
        WHEN doubtful.rule = 'two_digit_errors' THEN 5
        ELSE coalesce(numbered.number, 9) END::TINYINT AS number,
    CASE
        WHEN doubtful.action = 'auto' OR compared.name >= 4 THEN 0
        WHEN rare.share < 0.00001 THEN 1
        WHEN rare.share < 0.0001 THEN 2
        ELSE 3 END::TINYINT AS rarity,
    compared.name, compared.birth, compared.village
FROM doubtful
JOIN compared USING (id)
LEFT JOIN numbered USING (id)
LEFT JOIN subject_key keyed ON keyed.subject_id = doubtful.subject_id AND keyed.key = doubtful.key
LEFT JOIN name_count rare ON rare.scheme = doubtful.scheme AND rare.called = name_code(doubtful.phonetic_key)
