-- Inputs:  payments_contributionline, regions_unit; batch, county, path (of the reader's unit; empty: the whole county)
-- Output:  one row a township and category: '320682111000', 'tekun', 812 people, 8120000 fen, and the fen of each level; negative where taken back
-- Source:  docs/rules.md R54
SELECT rpad(left(coalesce(u.code, county.code), 9), 12, '0') AS township, l.category, count(*), sum(l.amount_fen)::bigint, sum(l.central_fen)::bigint,
    sum(l.province_fen)::bigint, sum(l.prefecture_fen)::bigint, sum(l.county_fen)::bigint
FROM payments_contributionline l
LEFT JOIN regions_unit u ON u.id = l.unit_id
JOIN regions_unit county ON county.id = %(county)s
WHERE l.batch_id = %(batch)s AND (%(path)s = '' OR starts_with(u.path, %(path)s))
GROUP BY 1, 2
