-- Inputs:  link, line(snapshot, position, name, plain, sound, birth, unit_code, key), name_count(scheme, called, share),
--          form(subject_id, number), subject_name, subject_key, subject_place
-- Output:  one row a link: the pair, its rule and action, and how each field compares: number 1 to 9, rarity 0 to 3, name 1 to 5,
--          birth 1 to 5, village 1 to 4, best first; 92_put_into_words.sql says what they mean
-- Rule:    the verdicts explain the link to a person and give a lead its score; they decide nothing. Of several names,
--          numbers and places the best counts. How the digits of two numbers compare, and how rare a name is, says something
--          only where a person decides.
WITH pair AS MATERIALIZED (
    SELECT row_number() OVER () AS pair, l.*, t.name, t.plain, t.sound, t.birth, t.unit_code, t.key
    FROM link l JOIN line t USING (snapshot, position)
), compared AS (
    SELECT pair.pair,
        min(CASE
            WHEN n.name = pair.name THEN 1
            WHEN n.plain = pair.plain THEN 2
            WHEN n.sound = pair.sound THEN 3
            WHEN n.sound[1] = pair.sound[1] THEN 4
            ELSE 5 END)::TINYINT AS name,
        min(CASE
            WHEN p.birth IS NULL OR pair.birth IS NULL THEN 4
            WHEN p.birth = pair.birth THEN 1
            WHEN month(p.birth) = day(pair.birth) AND day(p.birth) = month(pair.birth) THEN 2
            WHEN (year(p.birth) = year(pair.birth))::INT + (month(p.birth) = month(pair.birth))::INT
                + (day(p.birth) = day(pair.birth))::INT = 2 THEN 3
            ELSE 5 END)::TINYINT AS birth,
        min(CASE
            WHEN pair.scheme <> 'resident' OR p.village = '' THEN 3
            WHEN p.village = pair.unit_code THEN 1
            WHEN p.village[:9] = pair.unit_code[:9] THEN 2
            ELSE 4 END)::TINYINT AS village
    FROM pair
    LEFT JOIN subject_name n USING (subject_id)
    LEFT JOIN subject_place p USING (subject_id)
    GROUP BY pair.pair
), digits AS (
    SELECT pair.pair, form.number, lpad((pair.key // 11)::VARCHAR, 17, '0') AS on_roll
    FROM pair JOIN form USING (subject_id)
    WHERE pair.action = 'review' AND length(form.number) >= 10 AND pair.key IS NOT NULL
), numbered AS (
    SELECT pair, min(CASE
        WHEN length(number) = 18 AND hamming(number[:17], on_roll) <= 2 THEN 5
        WHEN length(number) = 18 AND number[:6] = on_roll[:6] AND number[15:17] = on_roll[15:17] THEN 6
        WHEN number[:14] = on_roll[:14] THEN 7
        ELSE 8 END)::TINYINT AS number
    FROM digits GROUP BY pair
)
SELECT pair.subject_id, pair.scheme, pair.snapshot, pair.position, pair.rule, pair.action,
    CASE
        WHEN pair.rule = 'repaired_roll_number' THEN 4
        WHEN keyed.how = '1 stated' THEN 1
        WHEN keyed.how = '2 former' THEN 2
        WHEN keyed.how = '3 repaired' THEN 3
        WHEN pair.rule = 'two_slips' THEN 5
        ELSE coalesce(numbered.number, 9) END::TINYINT AS number,
    CASE
        WHEN pair.action = 'auto' OR compared.name >= 4 THEN 0
        WHEN rare.share < 0.00001 THEN 1
        WHEN rare.share < 0.0001 THEN 2
        ELSE 3 END::TINYINT AS rarity,
    compared.name, compared.birth, compared.village
FROM pair
JOIN compared USING (pair)
LEFT JOIN numbered USING (pair)
LEFT JOIN subject_key keyed ON keyed.subject_id = pair.subject_id AND keyed.key = pair.key
LEFT JOIN name_count rare ON pair.action = 'review' AND rare.scheme = pair.scheme AND rare.called = name_code(pair.sound)
