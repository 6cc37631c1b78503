-- Inputs:  payments_contributionplanline, payments_contributionline, payments_batch, regions_unit, person_alias_at(); county, year, known,
--          path (of the unit asked for; empty: the whole county), at_county (only who has no township)
-- Output:  one row a person of the plan as it stands: 31, 15, 4711, '320682111201', '320682111000', 'paid_for', 'tekun', '', 10000, 0, 0, 0, 10000,
--          'credited', 9 (the batch), '', '', '', '', 0, the last five being of plan_changes.sql
-- Rule:    a person is in a batch whose lines are not void and were not taken back; a draft has no lines yet. A person merged into another
--          counts as the one kept.
-- Source:  docs/rules.md R53, R54
SELECT p.id AS line_id, p.person_id, p.unit_id, coalesce(u.code, county.code) AS unit_code,
    rpad(left(coalesce(u.code, county.code), 9), 12, '0') AS township, p.outcome, p.category, p.reason, p.amount_fen, p.central_fen,
    p.province_fen, p.prefecture_fen, p.county_fen, coalesce(k.stage, 'none') AS stage, k.batch_id, '' AS change, '' AS was_outcome,
    '' AS was_category, '' AS was_reason, 0 AS was_fen
FROM payments_contributionplanline p
JOIN regions_unit county ON county.id = p.county_id
LEFT JOIN regions_unit u ON u.id = p.unit_id
LEFT JOIN (
    SELECT coalesce(a.canonical_id, l.person_id) AS person_id, max(b.id) AS batch_id,
        min(CASE WHEN b.state IN ('credited', 'closed') THEN 'credited' ELSE 'in_batch' END) AS stage
    FROM payments_contributionline l JOIN payments_batch b ON b.id = l.batch_id
    LEFT JOIN person_alias_at(%(known)s) a ON a.person_id = l.person_id
    WHERE l.county_id = %(county)s AND l.year = %(year)s AND l.payer = 'government' AND l.contra_of_id IS NULL
      AND b.state NOT IN ('returned', 'cancelled')
      AND NOT EXISTS (SELECT FROM payments_contributionline c JOIN payments_batch cb ON cb.id = c.batch_id
                      WHERE c.contra_of_id = l.id AND cb.state IN ('credited', 'closed'))
    GROUP BY 1
) k ON k.person_id = p.person_id
WHERE p.county_id = %(county)s AND p.year = %(year)s AND p.superseded_at IS NULL
  AND (%(path)s = '' OR starts_with(u.path, %(path)s)) AND (NOT %(at_county)s OR left(coalesce(u.code, county.code), 9) = left(county.code, 9))
