-- Inputs:  unequal_pair: one row a link that 85 left, with an id, and of its line place, name, plain, phonetic_key, birth, unit_code, key;
--          name_count(scheme, called, share), variant(subject_id, number), subject_name, subject_key, subject_place
-- Output:  one row a link: the pair, its rule and action, the line's place, and the agreement level of each field: number 1 to 9,
--          rarity 0 to 3, name 1 to 5, birth 1 to 5, village 1 to 4, best first; 92_name_comparison_vectors.sql names them
-- Rule:    the levels explain the link to a clerk and give a possible match its score; they decide nothing. Of several names,
--          numbers and places the best counts. The digits of two numbers and the rarity of a name are compared for clerical
--          review only.
WITH compared AS (
    SELECT unequal.id,
        min(CASE
            WHEN n.name = unequal.name THEN 1
            WHEN n.plain = unequal.plain THEN 2
            WHEN n.phonetic_key = unequal.phonetic_key THEN 3
            WHEN n.phonetic_key[1] = unequal.phonetic_key[1] THEN 4
            ELSE 5 END)::TINYINT AS name,
        min(CASE
            WHEN p.birth IS NULL OR unequal.birth IS NULL THEN 4
            WHEN p.birth = unequal.birth THEN 1
            WHEN month(p.birth) = day(unequal.birth) AND day(p.birth) = month(unequal.birth) THEN 2
            WHEN (year(p.birth) = year(unequal.birth))::INT + (month(p.birth) = month(unequal.birth))::INT
                + (day(p.birth) = day(unequal.birth))::INT = 2 THEN 3
            ELSE 5 END)::TINYINT AS birth,
        min(CASE
            WHEN unequal.scheme <> 'resident' OR p.village = '' THEN 3
            WHEN p.village = unequal.unit_code THEN 1
            WHEN p.village[:9] = unequal.unit_code[:9] THEN 2
            ELSE 4 END)::TINYINT AS village
    FROM unequal_pair unequal
    LEFT JOIN subject_name n USING (subject_id)
    LEFT JOIN subject_place p USING (subject_id)
    GROUP BY unequal.id
), digits AS (
    SELECT unequal.id, variant.number, lpad((unequal.key // 11)::VARCHAR, 17, '0') AS on_roll
    FROM unequal_pair unequal JOIN variant USING (subject_id)
    WHERE unequal.action = 'review' AND length(variant.number) >= 10 AND unequal.key IS NOT NULL
), numbered AS (
    SELECT id, min(CASE
        WHEN length(number) = 18 AND hamming(number[:17], on_roll) <= 2 THEN 5
        WHEN length(number) = 18 AND number[:6] = on_roll[:6] AND number[15:17] = on_roll[15:17] THEN 6
        WHEN number[:14] = on_roll[:14] THEN 7
        ELSE 8 END)::TINYINT AS number
    FROM digits GROUP BY id
)
SELECT unequal.id, unequal.subject_id, unequal.scheme, unequal.snapshot, unequal.position, unequal.rule, unequal.action, unequal.place,
    CASE
        WHEN unequal.rule = 'repaired_roll_number' THEN 4
        WHEN keyed.how = 'stated' THEN 1
        WHEN keyed.how = 'former' THEN 2
        WHEN keyed.how = 'repaired' THEN 3
        WHEN unequal.rule = 'two_digit_errors' THEN 5
        ELSE coalesce(numbered.number, 9) END::TINYINT AS number,
    CASE
        WHEN unequal.action = 'auto' OR compared.name >= 4 THEN 0
        WHEN rare.share < 0.00001 THEN 1
        WHEN rare.share < 0.0001 THEN 2
        ELSE 3 END::TINYINT AS rarity,
    compared.name, compared.birth, compared.village
FROM unequal_pair unequal
JOIN compared USING (id)
LEFT JOIN numbered USING (id)
LEFT JOIN subject_key keyed ON keyed.subject_id = unequal.subject_id AND keyed.key = unequal.key
LEFT JOIN name_count rare ON rare.scheme = unequal.scheme AND rare.called = name_code(unequal.phonetic_key)
