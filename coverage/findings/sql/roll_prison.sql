-- Kinds:   DRAWING_IN_PRISON
-- Inputs:  roll_hit, fact, resident
-- Grain:   one row a resident roll line
-- Rule:    drawing while a prison term runs that began before the month; probation and community correction are not prison.
-- Source:  docs/rules.md R20 (stop from the month after imprisonment), docs/rules.md R9
SELECT r.snapshot, r.position, 'DRAWING_IN_PRISON' AS kind, strftime(min(f.valid_from), '%Y-%m-%d') AS reason, '' AS evidence_class,
    list(DISTINCT f.fact_id ORDER BY f.fact_id) AS facts, []::BIGINT[] AS reports, NULL::VARCHAR AS other_line
FROM roll_hit h
JOIN fact f ON f.fact_id = h.fact_id AND f.kind = 'prison'
JOIN resident r USING (snapshot, position)
WHERE h.action = 'auto' AND r.status = '1/3'
  AND f.valid_from < getvariable('as_of_month') AND coalesce(f.valid_to, getvariable('as_of')) >= getvariable('as_of')
GROUP BY r.snapshot, r.position
