-- Inputs:  registry_person, registry_designation, registry_deliveredrow, registry_delivery, person_alias_at(); county, month,
--          next_month, sender_words (json: the code of a status -> the word of the list's sender)
-- Output:  the persons of the lists applied as of a day in the month, with all their categories:
--          'poverty', '建档立卡_2018-12.xlsx', '贫困人口', 4, '', 15, '张伟', 'dibao:full:rural;poverty:未脱贫'
-- Grain:   a delivered row (member, in a dibao file)
-- Rule:    a designation counts when it began before the next month and either has not ended by then, or was on the month's
--          newest list of its kind. Merged persons count as the one kept.
WITH canonical AS (
    SELECT p.id, coalesce(a.canonical_id, p.id) AS person_id
    FROM registry_person p LEFT JOIN person_alias_at(now()) a ON a.person_id = p.id WHERE p.county_id = %(county)s
), category AS (
    SELECT c.person_id, string_agg(DISTINCT w.words, ';' ORDER BY w.words) AS categories
    FROM registry_designation g JOIN canonical c ON c.id = g.person_id
    CROSS JOIN LATERAL (SELECT concat_ws(':', g.kind,
        nullif(coalesce(%(sender_words)s::jsonb ->> g.status, g.status), ''), nullif(g.settlement, '')) AS words) w
    WHERE g.county_id = %(county)s AND g.superseded_at IS NULL AND g.valid_from < %(next_month)s
      AND (g.valid_to IS NULL OR g.valid_to >= %(next_month)s
           OR g.valid_to > (SELECT max(d.as_of_date) FROM registry_delivery d
                            WHERE d.county_id = %(county)s AND d.state = 'applied'
                              AND d.as_of_date >= %(month)s AND d.as_of_date < %(next_month)s AND d.feed = g.kind))
    GROUP BY c.person_id
)
SELECT d.feed, d.file_name AS file, r.sheet, r.row,
    CASE WHEN d.feed = 'dibao' THEN r.member::text ELSE '' END AS member,
    c.person_id, p.name, coalesce(k.categories, '') AS categories
FROM registry_deliveredrow r
JOIN registry_delivery d ON d.id = r.delivery_id
JOIN canonical c ON c.id = r.person_id
JOIN registry_person p ON p.id = c.person_id
LEFT JOIN category k ON k.person_id = c.person_id
WHERE d.county_id = %(county)s AND d.state = 'applied'
  AND d.as_of_date >= %(month)s AND d.as_of_date < %(next_month)s
ORDER BY d.feed, d.file_name, r.sheet, r.row, r.member
