-- Inputs:  payable.sql as payable; batch, county, year
-- Output:  rows of payments_contributionline
-- Source:  docs/rules.md R54
INSERT INTO payments_contributionline (batch_id, county_id, person_id, unit_id, year, payer, attempt, category, amount_fen, central_fen, province_fen,
    prefecture_fen, county_fen, plan_line_id)
SELECT %(batch)s, %(county)s, p.person_id, p.unit_id, %(year)s, 'government', p.attempt, p.category, p.amount_fen, p.central_fen, p.province_fen,
    p.prefecture_fen, p.county_fen, p.plan_line_id
FROM ({payable}) p
ORDER BY p.person_id
