-- Inputs:  payments_contributionplanline, registry_deliveredrow, registry_delivery, person_alias_at(); county, year, known, lists: the days of
--          the lists the plan rests on, [{"feed": "dibao", "day": "2018-12-31"}]
-- Output:  the plan at each line of the newest of these lists that names a person: 'dibao', 'dibao.xlsx', '低保', 4, '2', 15, 'paid_for', 'dibao',
--          10000, ''
-- Grain:   a delivered row (member, in a dibao file); the amount stands on the first row of a person, 0 on the others
-- Rule:    merged persons count as the one kept. Somebody nobody listed any more when the plan was computed is on the list that did.
WITH listed AS (
    SELECT d.feed, d.file_name AS file, r.sheet, r.row, CASE WHEN d.feed = 'dibao' THEN r.member::text ELSE '' END AS member,
        coalesce(a.canonical_id, r.person_id) AS person_id, d.as_of_date = max(d.as_of_date) OVER (PARTITION BY d.feed, coalesce(a.canonical_id, r.person_id)) AS is_newest
    FROM jsonb_to_recordset(%(lists)s::jsonb) AS l (feed text, day date)
    JOIN registry_delivery d ON d.county_id = %(county)s AND d.feed = l.feed AND d.as_of_date = l.day AND d.applied_at <= %(known)s
        AND (d.superseded_at IS NULL OR d.superseded_at > %(known)s)
    JOIN registry_deliveredrow r ON r.delivery_id = d.id
    LEFT JOIN person_alias_at(%(known)s) a ON a.person_id = r.person_id
)
SELECT l.feed, l.file, l.sheet, l.row, l.member, p.person_id, p.outcome, p.category,
    CASE row_number() OVER (PARTITION BY p.person_id ORDER BY l.feed, l.file, l.sheet, l.row, l.member) WHEN 1 THEN p.amount_fen ELSE 0 END AS amount_fen, p.reason
FROM listed l
JOIN payments_contributionplanline p ON p.county_id = %(county)s AND p.year = %(year)s AND p.superseded_at IS NULL AND p.person_id = l.person_id
WHERE l.is_newest
ORDER BY l.feed, l.file, l.sheet, l.row, l.member
