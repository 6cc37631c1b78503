-- Inputs:  casework_gap, registry_deliveredrow, registry_delivery, person_alias_at(); county, at (when the month's last night
--          finished), deliveries (the lists it rests on)
-- Output:  the gaps open at the end of the night, at the line of the list that names the person:
--          'poverty', '建档立卡_2018-12.xlsx', '贫困人口', 6, '', 17, 'UNINSURED', 'never_enrolled'
-- Grain:   a delivered row (member, in a dibao file) and an open gap of its person
-- Rule:    merged persons count as the one kept.
SELECT d.feed, d.file_name AS file, r.sheet, r.row,
    CASE WHEN d.feed = 'dibao' THEN r.member::text ELSE '' END AS member,
    g.person_id, g.kind, g.reason
FROM casework_gap g
JOIN (
    SELECT r.delivery_id, r.sheet, r.row, r.member, coalesce(a.canonical_id, r.person_id) AS person_id
    FROM registry_deliveredrow r LEFT JOIN person_alias_at(%(at)s) a ON a.person_id = r.person_id
    WHERE r.delivery_id = ANY(%(deliveries)s)
) r ON r.person_id = g.person_id
JOIN registry_delivery d ON d.id = r.delivery_id
WHERE g.county_id = %(county)s AND g.opened_at <= %(at)s
  AND (g.closed_at IS NULL OR g.closed_at > %(at)s)
ORDER BY d.feed, d.file_name, r.sheet, r.row, r.member, g.kind
