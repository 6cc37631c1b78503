-- Inputs:  link, link_line, roll_plain(name, plain), subject_name, subject_key, subject_place
-- Output:  one row a link, ordered by subject, scheme, position: the pair, its rule and action, each field's verdict, the
--          roll line's own words
-- Rule:    the verdicts explain the link to a person; they decide nothing here.
WITH line AS (
    SELECT t.*, roll_plain.plain FROM link_line t JOIN roll_plain USING (name)
), compared AS (
    SELECT l.subject_id, l.scheme, l.snapshot, l.position, l.rule, l.action,
        any_value(t.part) AS part, any_value(t.line) AS line, any_value(t.roll_no) AS roll_no, any_value(t.name) AS roll_name, any_value(t.status) AS roll_status,
        any_value(t.birth) AS roll_birth, any_value(t.unit_code) AS roll_unit_code, any_value(t.key) AS roll_key,
        min(CASE
            WHEN named.name = t.name THEN '1 same'
            WHEN named.plain = t.plain THEN '2 variant'
            WHEN named.sound = t.sound THEN '3 homophone'
            WHEN named.sound[1] = t.sound[1] THEN '4 same surname'
            ELSE '5 differs' END)[3:] AS name_verdict,
        min(CASE
            WHEN placed.birth IS NULL OR t.birth IS NULL THEN '3 unknown'
            WHEN placed.birth = t.birth THEN '1 same'
            WHEN month(placed.birth) = day(t.birth) AND day(placed.birth) = month(t.birth) THEN '2 day and month swapped'
            ELSE '4 differs' END)[3:] AS birth_verdict,
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
)
SELECT c.*,
    'number=' || CASE
        WHEN c.rule = 'repaired_roll_number' THEN 'one slip on the roll'
        WHEN keyed.how = '1 stated' THEN 'same'
        WHEN keyed.how = '2 former' THEN 'former'
        WHEN keyed.how = '3 repaired' THEN 'one slip in the file'
        ELSE 'unknown' END
    || ';name=' || name_verdict || ';birth=' || birth_verdict || ';village=' || village_verdict AS field_verdicts
FROM compared c
LEFT JOIN subject_key keyed ON keyed.subject_id = c.subject_id AND keyed.key = c.roll_key
ORDER BY c.subject_id, c.scheme, c.position
