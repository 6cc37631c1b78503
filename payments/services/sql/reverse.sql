-- Inputs:  payments_contributionline, payments_batch; batch (the draft that takes back), reversed, persons (ids, or NULL for all)
-- Output:  rows of payments_contributionline: of each line that still stands the same amounts, negative
-- Source:  docs/rules.md R54
INSERT INTO payments_contributionline (batch_id, county_id, person_id, unit_id, year, payer, attempt, category, amount_fen, central_fen, province_fen,
    prefecture_fen, county_fen, plan_line_id, contra_of_id)
SELECT %(batch)s, l.county_id, l.person_id, l.unit_id, l.year, l.payer, l.attempt, l.category, -l.amount_fen, -l.central_fen, -l.province_fen,
    -l.prefecture_fen, -l.county_fen, l.plan_line_id, l.id
FROM payments_contributionline l
WHERE l.batch_id = %(reversed)s AND (%(persons)s::bigint[] IS NULL OR l.person_id = ANY(%(persons)s))
  AND NOT EXISTS (SELECT FROM payments_contributionline c WHERE c.contra_of_id = l.id)
ORDER BY l.person_id
