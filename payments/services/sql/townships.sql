-- Inputs:  payable.sql as payable; regions_unit
-- Output:  one row a township with people to pay for: '320682101000', 812, 8120000, the SHA-256 of its people and amounts. Whoever has no
--          unit counts for the county.
-- Rule:    the hash names each person with category and amount, in the order of ids: who is added, left out or paid another amount changes it.
-- Source:  docs/rules.md R54
SELECT rpad(left(coalesce(u.code, county.code), 9), 12, '0') AS township, count(*) AS people, sum(p.amount_fen)::bigint AS amount_fen,
    encode(sha256(convert_to(string_agg(concat_ws(' ', p.person_id, p.category, p.amount_fen), E'\n' ORDER BY p.person_id), 'UTF8')), 'hex') AS content_hash
FROM ({payable}) p
LEFT JOIN regions_unit u ON u.id = p.unit_id
JOIN regions_unit county ON county.id = %(county)s
GROUP BY 1
