-- Inputs:  payments_contributionline; batch, header (the text hashed before the rows)
-- Output:  one row: lines, fen, fen by level, and the SHA-256 over the header and the SHA-256 of each row in the order of its key
-- Rule:    a row is its key, its amounts and what they rest on: no names, so that the hash of a batch never depends on a spelling.
-- Source:  docs/rules.md R54
SELECT count(*), coalesce(sum(amount_fen), 0)::bigint, coalesce(sum(central_fen), 0)::bigint, coalesce(sum(province_fen), 0)::bigint,
    coalesce(sum(prefecture_fen), 0)::bigint, coalesce(sum(county_fen), 0)::bigint,
    encode(sha256(convert_to(%(header)s || E'\n' || coalesce(string_agg(row_hash, '' ORDER BY year, person_id, payer, attempt), ''), 'UTF8')), 'hex')
FROM (
    SELECT *, encode(sha256(convert_to(concat_ws(' ', person_id, year, payer, attempt, category, amount_fen, central_fen, province_fen,
        prefecture_fen, county_fen, plan_line_id, coalesce(contra_of_id, 0)), 'UTF8')), 'hex') AS row_hash
    FROM payments_contributionline WHERE batch_id = %(batch)s
) line
