-- Inputs:  coverage_coverageverdict, registry_deliveredrow, registry_delivery, person_alias_at(); county, at (when the month's last
--          night finished), deliveries (the lists it rests on)
-- Output:  the codes current at the end of the night, at the line of the list that names the person:
--          'poverty', '建档立卡_2018-12.xlsx', '贫困人口', 4, '', 15, '1-011', '9_resident', 'contributing'
-- Grain:   a delivered row (member, in a dibao file)
-- Rule:    merged persons count as the one kept.
SELECT d.feed, d.file_name AS file, r.sheet, r.row,
    CASE WHEN d.feed = 'dibao' THEN r.member::text ELSE '' END AS member,
    r.person_id, v.verdict, v.e1_column, v.desk_reason
FROM coverage_coverageverdict v
JOIN (
    SELECT r.delivery_id, r.sheet, r.row, r.member, coalesce(a.canonical_id, r.person_id) AS person_id
    FROM registry_deliveredrow r LEFT JOIN person_alias_at(%(at)s) a ON a.person_id = r.person_id
    WHERE r.delivery_id = ANY(%(deliveries)s)
) r ON r.person_id = v.person_id
JOIN registry_delivery d ON d.id = r.delivery_id
WHERE v.county_id = %(county)s AND v.recorded_at <= %(at)s
  AND (v.superseded_at IS NULL OR v.superseded_at > %(at)s)
ORDER BY d.feed, d.file_name, r.sheet, r.row, r.member
