-- Inputs:  coverage_link, registry_deliveredrow, registry_delivery, person_alias_at(); county, at (when the month's last night
--          finished), deliveries (the lists it rests on)
-- Output:  the links current at the end of the night, at the line of the list that names the person:
--          'poverty', '建档立卡_2018-12.xlsx', '贫困人口', 4, '', 'resident', 'R1', '居保_2018-12.zip', 'jm_201812.csv', 2,
--          'same_number', 'auto', 44.3, 'number=same;name=same;birth=same;village=same'
-- Grain:   a delivered row (member, in a dibao file) and a link of its person
-- Rule:    merged persons count as the one kept.
SELECT d.feed, d.file_name AS file, r.sheet, r.row,
    CASE WHEN d.feed = 'dibao' THEN r.member::text ELSE '' END AS member,
    l.scheme, l.roll_no, f.file_name AS roll_file, l.part AS roll_part, l.line AS roll_line, l.rule, l.action,
    l.score, l.comparison_vector AS field_verdicts
FROM coverage_link l
JOIN (
    SELECT r.delivery_id, r.sheet, r.row, r.member, coalesce(a.canonical_id, r.person_id) AS person_id
    FROM registry_deliveredrow r LEFT JOIN person_alias_at(%(at)s) a ON a.person_id = r.person_id
    WHERE r.delivery_id = ANY(%(deliveries)s)
) r ON r.person_id = l.person_id
JOIN registry_delivery d ON d.id = r.delivery_id
JOIN registry_delivery f ON f.id = l.delivery_id
WHERE l.county_id = %(county)s AND l.recorded_at <= %(at)s
  AND (l.superseded_at IS NULL OR l.superseded_at > %(at)s)
ORDER BY d.feed, d.file_name, r.sheet, r.row, r.member, l.scheme, l.roll_no, l.line
