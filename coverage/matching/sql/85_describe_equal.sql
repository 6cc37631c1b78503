-- Inputs:  pair: one row a link with an id, and of its line place, name, unit_code, key; variant(subject_id, is_only_variant, key,
--          name, village)
-- Output:  described: as 90_describe_links.sql, for most links
-- Rule:    a subject with one variant, and a line with the same number and name: the birth date, read from the number, is the
--          same too, and only the village is compared. The result is that of step 90, without its comparisons.
SELECT pair.id, pair.subject_id, pair.scheme, pair.snapshot, pair.position, pair.rule, pair.action, pair.place,
    1::TINYINT AS number, 0::TINYINT AS rarity, 1::TINYINT AS name, 1::TINYINT AS birth,
    CASE
        WHEN pair.scheme <> 'resident' OR variant.village = '' THEN 3
        WHEN variant.village = pair.unit_code THEN 1
        WHEN variant.village[:9] = pair.unit_code[:9] THEN 2
        ELSE 4 END::TINYINT AS village
FROM pair
JOIN variant USING (subject_id)
WHERE pair.action = 'auto' AND variant.is_only_variant AND variant.key = pair.key AND variant.name = pair.name
