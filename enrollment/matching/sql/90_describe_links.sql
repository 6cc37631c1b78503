-- Inputs:  link, link_line, roll_plain(name, plain), sound_count(scheme, sound, share), form(subject_id, number, key),
--          subject_name, subject_key, subject_place
-- Output:  one row a link: the pair, its rule and action, each field's verdict, the roll line's own words
-- Rule:    the verdicts explain the link to a person and give a lead its score; they decide nothing. Of several names,
--          numbers and places the best counts. How rare a name is says something only where a person decides.
WITH line AS (
    SELECT t.*, roll_plain.plain FROM link_line t JOIN roll_plain USING (name)
), compared AS (
    SELECT l.subject_id, l.scheme, l.snapshot, l.position, l.rule, l.action,
        any_value(t.part) AS part, any_value(t.line) AS line, any_value(t.roll_no) AS roll_no, any_value(t.name) AS roll_name, any_value(t.status) AS roll_status,
        any_value(t.birth) AS roll_birth, any_value(t.unit_code) AS roll_unit_code, any_value(t.key) AS roll_key,
        any_value(t.number) AS roll_number, any_value(t.sound) AS roll_sound,
        min(CASE
            WHEN named.name = t.name THEN '1 same'
            WHEN named.plain = t.plain THEN '2 variant'
            WHEN named.sound = t.sound THEN '3 homophone'
            WHEN named.sound[1] = t.sound[1] THEN '4 same surname'
            ELSE '5 differs' END)[3:] AS name_verdict,
        min(CASE
            WHEN placed.birth IS NULL OR t.birth IS NULL THEN '4 unknown'
            WHEN placed.birth = t.birth THEN '1 same'
            WHEN month(placed.birth) = day(t.birth) AND day(placed.birth) = month(t.birth) THEN '2 day and month swapped'
            WHEN (year(placed.birth) = year(t.birth))::INT + (month(placed.birth) = month(t.birth))::INT
                + (day(placed.birth) = day(t.birth))::INT = 2 THEN '3 one part differs'
            ELSE '5 differs' END)[3:] AS birth_verdict,
        min(CASE
            WHEN l.scheme <> 'resident' OR placed.village = '' THEN '3 unknown'
            WHEN placed.village = t.unit_code THEN '1 same'
            WHEN placed.village[:9] = t.unit_code[:9] THEN '2 same town'
            ELSE '4 differs' END)[3:] AS village_verdict
    FROM link l
    JOIN line t USING (scheme, snapshot, position)
    LEFT JOIN subject_name named USING (subject_id)
    LEFT JOIN subject_place placed USING (subject_id)
    GROUP BY ALL
), numbered AS (
    SELECT c.*, any_value(rare.share) AS share,
        min(CASE
            WHEN c.rule = 'repaired_roll_number' THEN '4 one slip on the roll'
            WHEN keyed.how = '1 stated' THEN '1 same'
            WHEN keyed.how = '2 former' THEN '2 former'
            WHEN keyed.how = '3 repaired' THEN '3 one slip in the file'
            WHEN length(form.number) < 10 OR length(c.roll_number) < 10 OR form.number IS NULL THEN '8 unknown'
            WHEN length(form.number) = 18 AND length(c.roll_number) = 18
                AND hamming(form.number[:17], c.roll_number[:17]) <= 2 THEN '5 two slips'
            WHEN length(form.number) = 18 AND form.number[:6] = c.roll_number[:6] AND form.number[15:17] = c.roll_number[15:17]
                THEN '6 all but the birth date'
            WHEN form.number[:14] = c.roll_number[:14] THEN '7 its beginning'
            ELSE '9 differs' END)[3:] AS number_verdict
    FROM compared c
    LEFT JOIN subject_key keyed ON keyed.subject_id = c.subject_id AND keyed.key = c.roll_key
    LEFT JOIN form ON form.subject_id = c.subject_id
    LEFT JOIN sound_count rare ON rare.sound = c.roll_sound AND rare.scheme = c.scheme AND c.action = 'review'
    GROUP BY ALL
)
SELECT * EXCLUDE (roll_number, roll_sound, share, name_verdict, birth_verdict, village_verdict, number_verdict),
    'number=' || number_verdict || ';name=' || name_verdict
        || CASE WHEN action = 'auto' OR name_verdict IN ('same surname', 'differs') THEN ''
                WHEN share < 0.00001 THEN ';rarity=rare' WHEN share < 0.0001 THEN ';rarity=usual' ELSE ';rarity=common' END
        || ';birth=' || birth_verdict || ';village=' || village_verdict AS field_verdicts
FROM numbered
