-- Inputs:  payments_contributionline, payments_accountentry; batch, county, year, day (of posting), at, tiers: what subsidy a tier earns
--          [{"from": 10000, "fen": 3000, "central": 0, "province": 0, "prefecture": 0, "county": 3000}]
-- Output:  rows of payments_accountentry: of each line the contribution; of each person the subsidy of the year that is due and not
--          credited yet, by level; a line that takes back takes its subsidy back too
-- Rule:    the subsidy goes by the tier that everything credited of the year comes to: what is due minus what was credited.
-- Source:  docs/rules.md R55
WITH line AS (
    SELECT id, person_id, amount_fen, payer FROM payments_contributionline WHERE batch_id = %(batch)s
), contribution AS (
    INSERT INTO payments_accountentry (county_id, person_id, kind, credit, level, amount_fen, year, posted_on, source_type, source_id, recorded_at)
    SELECT %(county)s, person_id, 'contribution', CASE payer WHEN 'own' THEN 'personal' ELSE 'government' END, '', amount_fen, %(year)s, %(day)s,
        'contribution_line', id, %(at)s
    FROM line ORDER BY person_id
), credited AS (
    SELECT e.person_id, sum(e.amount_fen) FILTER (WHERE e.kind = 'contribution') AS contributed
    FROM payments_accountentry e
    WHERE e.county_id = %(county)s AND e.year = %(year)s AND e.person_id IN (SELECT person_id FROM line)
    GROUP BY 1
), tier AS (
    SELECT * FROM jsonb_to_recordset(%(tiers)s::jsonb) AS t ("from" int, fen int, central int, province int, prefecture int, county int)
), due AS (
    SELECT l.person_id, min(l.id) AS line_id, reached.central, reached.province, reached.prefecture, reached.county
    FROM line l LEFT JOIN credited c USING (person_id)
    LEFT JOIN LATERAL (SELECT * FROM tier WHERE tier."from" <= coalesce(c.contributed, 0) + l.amount_fen ORDER BY tier."from" DESC LIMIT 1) reached ON true
    GROUP BY l.person_id, reached.central, reached.province, reached.prefecture, reached.county
), booked AS (
    SELECT person_id, level, sum(amount_fen) AS fen FROM payments_accountentry
    WHERE county_id = %(county)s AND year = %(year)s AND kind = 'subsidy' AND person_id IN (SELECT person_id FROM line)
    GROUP BY 1, 2
)
INSERT INTO payments_accountentry (county_id, person_id, kind, credit, level, amount_fen, year, posted_on, source_type, source_id, recorded_at)
SELECT %(county)s, d.person_id, 'subsidy', 'subsidy', share.level, coalesce(share.fen, 0) - coalesce(b.fen, 0), %(year)s, %(day)s,
    'contribution_line', d.line_id, %(at)s
FROM due d
CROSS JOIN LATERAL (VALUES ('central', d.central), ('province', d.province), ('prefecture', d.prefecture), ('county', d.county)) AS share (level, fen)
LEFT JOIN booked b ON b.person_id = d.person_id AND b.level = share.level
WHERE coalesce(share.fen, 0) <> coalesce(b.fen, 0)
ORDER BY d.person_id
