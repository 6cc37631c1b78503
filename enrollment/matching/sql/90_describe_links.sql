-- Inputs:  link, link_line, roll_name(name, plain, sound), sound_count(scheme, sound, share), form(subject_id, number, key),
--          subject_name, subject_key, subject_place
-- Output:  one row a link: the pair, its rule and action, each field's verdict, the roll line's own words
-- Rule:    the verdicts explain the link to a person and give a lead its score; they decide nothing. Of several names,
--          numbers and places the best counts. How rare a name is says something only where a person decides.
WITH line AS MATERIALIZED (
    SELECT t.*, roll_name.plain, roll_name.sound, lpad((t.key // 11)::VARCHAR, 17, '0') AS digits
    FROM link_line t JOIN roll_name USING (name)
), named AS (
    SELECT l.subject_id, l.snapshot, l.position, min(CASE
        WHEN n.name = t.name THEN '1 same'
        WHEN n.plain = t.plain THEN '2 variant'
        WHEN n.sound = t.sound THEN '3 homophone'
        WHEN n.sound[1] = t.sound[1] THEN '4 same surname'
        ELSE '5 differs' END)[3:] AS verdict
    FROM link l JOIN line t USING (snapshot, position) LEFT JOIN subject_name n USING (subject_id) GROUP BY ALL
), placed AS (
    SELECT l.subject_id, l.snapshot, l.position,
        min(CASE
            WHEN p.birth IS NULL OR t.birth IS NULL THEN '4 unknown'
            WHEN p.birth = t.birth THEN '1 same'
            WHEN month(p.birth) = day(t.birth) AND day(p.birth) = month(t.birth) THEN '2 day and month swapped'
            WHEN (year(p.birth) = year(t.birth))::INT + (month(p.birth) = month(t.birth))::INT
                + (day(p.birth) = day(t.birth))::INT = 2 THEN '3 one part differs'
            ELSE '5 differs' END)[3:] AS birth_verdict,
        min(CASE
            WHEN l.scheme <> 'resident' OR p.village = '' THEN '3 unknown'
            WHEN p.village = t.unit_code THEN '1 same'
            WHEN p.village[:9] = t.unit_code[:9] THEN '2 same town'
            ELSE '4 differs' END)[3:] AS village_verdict
    FROM link l JOIN line t USING (snapshot, position) LEFT JOIN subject_place p USING (subject_id) GROUP BY ALL
), doubtful AS (
    SELECT l.subject_id, l.snapshot, l.position, min(CASE
        WHEN form.number IS NULL OR length(form.number) < 10 OR t.key IS NULL THEN '4 unknown'
        WHEN length(form.number) = 18 AND hamming(form.number[:17], t.digits) <= 2 THEN '1 two slips'
        WHEN length(form.number) = 18 AND form.number[:6] = t.digits[:6] AND form.number[15:17] = t.digits[15:17]
            THEN '2 all but the birth date'
        WHEN form.number[:14] = t.digits[:14] THEN '3 its beginning'
        ELSE '5 differs' END)[3:] AS verdict
    FROM link l JOIN line t USING (snapshot, position) LEFT JOIN form USING (subject_id)
    WHERE l.action = 'review' GROUP BY ALL
)
SELECT l.subject_id, l.scheme, l.snapshot, l.position, l.rule, l.action, t.part, t.line, t.roll_no, t.name AS roll_name,
    t.status AS roll_status, t.birth AS roll_birth, t.unit_code AS roll_unit_code, t.key AS roll_key,
    'number=' || CASE
        WHEN l.rule = 'repaired_roll_number' THEN 'one slip on the roll'
        WHEN keyed.how = '1 stated' THEN 'same'
        WHEN keyed.how = '2 former' THEN 'former'
        WHEN keyed.how = '3 repaired' THEN 'one slip in the file'
        WHEN l.rule = 'two_slips' THEN 'two slips'
        ELSE coalesce(doubtful.verdict, 'unknown') END
    || ';name=' || named.verdict
    || CASE WHEN l.action = 'auto' OR named.verdict IN ('same surname', 'differs') THEN ''
            WHEN rare.share < 0.00001 THEN ';rarity=rare'
            WHEN rare.share < 0.0001 THEN ';rarity=usual'
            ELSE ';rarity=common' END
    || ';birth=' || placed.birth_verdict || ';village=' || placed.village_verdict AS field_verdicts
FROM link l
JOIN line t USING (snapshot, position)
JOIN named USING (subject_id, snapshot, position)
JOIN placed USING (subject_id, snapshot, position)
LEFT JOIN doubtful USING (subject_id, snapshot, position)
LEFT JOIN subject_key keyed ON keyed.subject_id = l.subject_id AND keyed.key = t.key
LEFT JOIN sound_count rare ON rare.sound = t.sound AND rare.scheme = l.scheme
