-- Inputs:  casework_gap, registry_deliveredrow, registry_delivery, person_alias_at(); county, at (the moment asked), deliveries (the
--          lists of the night before it), kinds (of gaps)
-- Output:  the lines of the lists that name persons with such a gap open: 'poverty', '建档立卡_2018-12.xlsx', '贫困人口', 6, '', 17
-- Grain:   a delivered row (member, in a dibao file) of such a person
-- Rule:    merged persons count as the one kept. A gap of a roll line counts for the person it is confirmed to be.
WITH alias AS MATERIALIZED (
    SELECT person_id, canonical_id FROM person_alias_at(%(at)s)
), with_gap AS (
    SELECT DISTINCT coalesce(a.canonical_id, g.person_id) AS person_id
    FROM (
        SELECT g.person_id FROM casework_gap g
        WHERE g.county_id = %(county)s AND g.person_id IS NOT NULL AND g.kind = ANY(%(kinds)s)
          AND g.opened_at <= %(at)s AND (g.closed_at IS NULL OR g.closed_at > %(at)s)
        UNION ALL
        SELECT l.person_id FROM casework_gap g
        JOIN coverage_link l ON l.county_id = g.county_id AND l.scheme = g.scheme AND l.roll_no = g.roll_no AND l.action = 'auto'
        WHERE g.county_id = %(county)s AND g.person_id IS NULL AND g.roll_no > '' AND g.kind = ANY(%(kinds)s)
          AND g.opened_at <= %(at)s AND (g.closed_at IS NULL OR g.closed_at > %(at)s)
          AND l.recorded_at <= %(at)s AND (l.superseded_at IS NULL OR l.superseded_at > %(at)s)
    ) g
    LEFT JOIN alias a ON a.person_id = g.person_id
)
SELECT d.feed, d.file_name AS file, r.sheet, r.row, CASE WHEN d.feed = 'dibao' THEN r.member::text ELSE '' END AS member, w.person_id
FROM registry_deliveredrow r
JOIN registry_delivery d ON d.id = r.delivery_id
LEFT JOIN alias a ON a.person_id = r.person_id
JOIN with_gap w ON w.person_id = coalesce(a.canonical_id, r.person_id)
WHERE r.delivery_id = ANY(%(deliveries)s)
ORDER BY d.feed, d.file_name, r.sheet, r.row, r.member
