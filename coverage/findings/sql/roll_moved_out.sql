-- Kinds:   MOVED_OUT
-- Inputs:  roll_hit, fact, resident
-- Grain:   one row a resident roll line
-- Rule:    the police list moves the hukou out of the county or cancels it, and the line is still insured here.
SELECT r.snapshot, r.position, 'MOVED_OUT' AS kind, max(f.kind) AS reason, '' AS evidence_class,
    list(DISTINCT f.fact_id ORDER BY f.fact_id) AS facts, []::BIGINT[] AS reports, NULL::VARCHAR AS other_line
FROM roll_hit h
JOIN fact f ON f.fact_id = h.fact_id AND f.kind IN ('hukou_out', 'hukou_cancelled')
JOIN resident r USING (snapshot, position)
WHERE h.action = 'auto' AND r.status IN ('1/1', '2/2', '1/3', '2/3') AND f.event_date <= getvariable('as_of')
  AND NOT (f.kind = 'hukou_out' AND contains(f.to_place, getvariable('county_name')))
GROUP BY r.snapshot, r.position
