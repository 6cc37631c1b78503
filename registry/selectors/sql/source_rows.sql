-- Inputs:  registry_deliveredrow, registry_delivery, registry_identitynumber, registry_designation; persons: the condition put in for
--          a set of person ids; parameters order (feeds, the most reliable first) and known (the moment asked)
-- Output:  person_id, name, unit_id, birth_date, sex, is_numbered (by a right number), place (1 is the row that decides):
--          42, 王强, 1207, 1958-12-15, 1, true, 1
-- Grain:   one row a line of a file in force at the moment that names one of the persons
-- Rule:    first the feeds that designate the person at the moment, in the order given; of a feed the newest file, of a file the
--          first line.
SELECT r.person_id, r.name, r.unit_id, n.birth_date, n.sex, coalesce(n.valid, false) AS is_numbered,
    row_number() OVER (
        PARTITION BY r.person_id
        ORDER BY (d.person_id IS NOT NULL) DESC, array_position(%(order)s, f.feed::text), f.as_of_date DESC, r.id
    ) AS place
FROM registry_deliveredrow r
JOIN registry_delivery f ON f.id = r.delivery_id
LEFT JOIN registry_identitynumber n ON n.id = r.number_id
LEFT JOIN (
    SELECT DISTINCT d.person_id, d.kind FROM registry_designation d
    WHERE d.person_id {persons} AND d.valid_to IS NULL AND d.recorded_at <= %(known)s
      AND (d.superseded_at IS NULL OR d.superseded_at > %(known)s)
) d ON d.person_id = r.person_id AND d.kind = f.feed
WHERE r.person_id {persons} AND f.applied_at <= %(known)s AND (f.superseded_at IS NULL OR f.superseded_at > %(known)s)
