-- Inputs:  link, link_line, roll_name(name, plain, sound), sound_count(scheme, sound, share), form(subject_id, number),
--          subject_name, subject_key, subject_place
-- Output:  one row a link: the pair, its rule and action, each field's verdict, the roll line's own words
-- Rule:    the verdicts explain the link to a person and give a lead its score; they decide nothing. Of several names,
--          numbers and places the best counts. How the digits of two numbers compare, and how rare a name is, says something
--          only where a person decides.
WITH line AS MATERIALIZED (
    SELECT t.*, roll_name.plain, roll_name.sound FROM link_line t JOIN roll_name USING (name)
), compared AS (
    SELECT l.subject_id, l.snapshot, l.position,
        min(CASE
            WHEN n.name = t.name THEN '1 same'
            WHEN n.plain = t.plain THEN '2 variant'
            WHEN n.sound = t.sound THEN '3 homophone'
            WHEN n.sound[1] = t.sound[1] THEN '4 same surname'
            ELSE '5 differs' END) AS name,
        min(CASE
            WHEN p.birth IS NULL OR t.birth IS NULL THEN '4 unknown'
            WHEN p.birth = t.birth THEN '1 same'
            WHEN month(p.birth) = day(t.birth) AND day(p.birth) = month(t.birth) THEN '2 day and month swapped'
            WHEN (year(p.birth) = year(t.birth))::INT + (month(p.birth) = month(t.birth))::INT
                + (day(p.birth) = day(t.birth))::INT = 2 THEN '3 one part differs'
            ELSE '5 differs' END) AS birth,
        min(CASE
            WHEN l.scheme <> 'resident' OR p.village = '' THEN '3 unknown'
            WHEN p.village = t.unit_code THEN '1 same'
            WHEN p.village[:9] = t.unit_code[:9] THEN '2 same town'
            ELSE '4 differs' END) AS village
    FROM link l
    JOIN line t USING (snapshot, position)
    LEFT JOIN subject_name n USING (subject_id)
    LEFT JOIN subject_place p USING (subject_id)
    GROUP BY ALL
), digits AS (
    SELECT l.subject_id, l.snapshot, l.position, form.number, lpad((t.key // 11)::VARCHAR, 17, '0') AS on_roll
    FROM link l JOIN line t USING (snapshot, position) JOIN form USING (subject_id)
    WHERE l.action = 'review' AND length(form.number) >= 10 AND t.key IS NOT NULL
), numbered AS (
    SELECT subject_id, snapshot, position, min(CASE
        WHEN length(number) = 18 AND hamming(number[:17], on_roll) <= 2 THEN '1 two slips'
        WHEN length(number) = 18 AND number[:6] = on_roll[:6] AND number[15:17] = on_roll[15:17] THEN '2 all but the birth date'
        WHEN number[:14] = on_roll[:14] THEN '3 its beginning'
        ELSE '4 differs' END) AS number
    FROM digits GROUP BY ALL
)
SELECT l.subject_id, l.scheme, l.snapshot, l.position, l.rule, l.action, t.part, t.line, t.roll_no, t.name AS roll_name,
    t.status AS roll_status, t.birth AS roll_birth, t.unit_code AS roll_unit_code, t.key AS roll_key,
    'number=' || CASE
        WHEN l.rule = 'repaired_roll_number' THEN 'one slip on the roll'
        WHEN keyed.how = '1 stated' THEN 'same'
        WHEN keyed.how = '2 former' THEN 'former'
        WHEN keyed.how = '3 repaired' THEN 'one slip in the file'
        WHEN l.rule = 'two_slips' THEN 'two slips'
        ELSE coalesce(numbered.number[3:], 'unknown') END
    || ';name=' || compared.name[3:]
    || CASE WHEN l.action = 'auto' OR compared.name >= '4' THEN ''
            WHEN rare.share < 0.00001 THEN ';rarity=rare'
            WHEN rare.share < 0.0001 THEN ';rarity=usual'
            ELSE ';rarity=common' END
    || ';birth=' || compared.birth[3:] || ';village=' || compared.village[3:] AS field_verdicts
FROM link l
JOIN line t USING (snapshot, position)
JOIN compared USING (subject_id, snapshot, position)
LEFT JOIN numbered USING (subject_id, snapshot, position)
LEFT JOIN subject_key keyed ON keyed.subject_id = l.subject_id AND keyed.key = t.key
LEFT JOIN sound_count rare ON rare.sound = t.sound AND rare.scheme = l.scheme
