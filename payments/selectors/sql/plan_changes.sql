-- Inputs:  payments_contributionplanline, regions_unit; county, year, old_year, moments (of computations, each compared with the one before;
--          NULL: the plan of year as it stands, compared with that of old_year), path, at_county (as plan_lines.sql)
-- Output:  one row a person that differs, as plan_lines.sql gives them, and of which computation: the line that is new or, where there is none, the old one;
--          then 'added', and what the old line said: 'excluded', 'dibao', 'STUDENT', 0
-- Rule:    added: paid for now and not before; removed: the reverse; changed: paid for both times, with another category, amount or place.
-- Source:  docs/rules.md R53
SELECT coalesce(n.id, o.id) AS line_id, person_id, coalesce(n.unit_id, o.unit_id) AS unit_id, coalesce(u.code, county.code) AS unit_code,
    rpad(left(coalesce(u.code, county.code), 9), 12, '0') AS township, coalesce(n.outcome, 'excluded') AS outcome, coalesce(n.category, o.category) AS category,
    coalesce(n.reason, '') AS reason, coalesce(n.amount_fen, 0) AS amount_fen, coalesce(n.central_fen, 0) AS central_fen,
    coalesce(n.province_fen, 0) AS province_fen, coalesce(n.prefecture_fen, 0) AS prefecture_fen, coalesce(n.county_fen, 0) AS county_fen,
    '' AS stage, NULL::bigint AS batch_id,
    CASE WHEN n.outcome = 'paid_for' AND o.outcome = 'paid_for' THEN 'changed' WHEN n.outcome = 'paid_for' THEN 'added' ELSE 'removed' END AS change,
    coalesce(o.outcome, '') AS was_outcome, coalesce(o.category, '') AS was_category, coalesce(o.reason, '') AS was_reason,
    coalesce(o.amount_fen, 0) AS was_fen, moment
FROM (
    SELECT *, CASE WHEN %(moments)s::timestamptz[] IS NULL THEN 'epoch'::timestamptz ELSE recorded_at END AS moment
    FROM payments_contributionplanline
    WHERE county_id = %(county)s AND year = %(year)s AND CASE WHEN %(moments)s::timestamptz[] IS NULL THEN superseded_at IS NULL
        ELSE recorded_at = ANY(%(moments)s::timestamptz[]) END
) n FULL JOIN (
    SELECT *, CASE WHEN %(moments)s::timestamptz[] IS NULL THEN 'epoch'::timestamptz ELSE superseded_at END AS moment
    FROM payments_contributionplanline
    WHERE county_id = %(county)s AND year = %(old_year)s AND CASE WHEN %(moments)s::timestamptz[] IS NULL THEN superseded_at IS NULL
        ELSE superseded_at = ANY(%(moments)s::timestamptz[]) END
) o USING (person_id, moment)
JOIN regions_unit county ON county.id = %(county)s
LEFT JOIN regions_unit u ON u.id = coalesce(n.unit_id, o.unit_id)
WHERE 'paid_for' IN (n.outcome, o.outcome)
  AND (%(moments)s::timestamptz[] IS NOT NULL OR (n.outcome, n.category, n.amount_fen) IS DISTINCT FROM (o.outcome, o.category, o.amount_fen))
  AND (%(path)s = '' OR starts_with(u.path, %(path)s)) AND (NOT %(at_county)s OR left(coalesce(u.code, county.code), 9) = left(county.code, 9))
