-- Inputs:  coverage_coverageverdict, registry_deliveredrow, registry_delivery, person_alias_at(); county, at and before (when the
--          last nights of the month and of the month before finished), deliveries and deliveries_before (the lists they rest on)
-- Output:  persons whose code differs between the two nights, at the line of the list that names them:
--          'poverty', '建档立卡_2018-12.xlsx', '贫困人口', 6, '', 17, 'GAP', '1-011'
-- Grain:   a delivered row (member, in a dibao file) of a person whose code changed
-- Rule:    a person who left the lists is shown at the lines of the month before. Merged persons count as the one kept.
WITH earlier AS (
    SELECT DISTINCT ON (person_id) coalesce(a.canonical_id, v.person_id) AS person_id, v.verdict
    FROM coverage_coverageverdict v LEFT JOIN person_alias_at(%(at)s) a ON a.person_id = v.person_id
    WHERE county_id = %(county)s AND recorded_at <= %(before)s AND (superseded_at IS NULL OR superseded_at > %(before)s)
    ORDER BY 1, a.canonical_id NULLS FIRST
), later AS (
    SELECT person_id, verdict FROM coverage_coverageverdict
    WHERE county_id = %(county)s AND recorded_at <= %(at)s AND (superseded_at IS NULL OR superseded_at > %(at)s)
), moved AS (
    SELECT person_id, coalesce(e.verdict, '') AS was, coalesce(l.verdict, '') AS now
    FROM earlier e FULL JOIN later l USING (person_id) WHERE e.verdict IS DISTINCT FROM l.verdict
), listed AS (
    SELECT r.*, coalesce(a.canonical_id, r.person_id) AS whose
    FROM registry_deliveredrow r LEFT JOIN person_alias_at(%(at)s) a ON a.person_id = r.person_id
    WHERE r.delivery_id = ANY(%(deliveries)s) OR r.delivery_id = ANY(%(deliveries_before)s)
)
SELECT d.feed, d.file_name AS file, r.sheet, r.row,
    CASE WHEN d.feed = 'dibao' THEN r.member::text ELSE '' END AS member,
    m.person_id, m.was, m.now
FROM moved m JOIN listed r ON r.whose = m.person_id JOIN registry_delivery d ON d.id = r.delivery_id
WHERE d.id = ANY(CASE WHEN m.now = '' THEN %(deliveries_before)s ELSE %(deliveries)s END)
ORDER BY d.feed, d.file_name, r.sheet, r.row, r.member
