-- Inputs:  coverage_matchdecision, person_alias_at(); county, known (the moment up to which what was recorded counts)
-- Output:  the columns of tables.DECISION_COLUMNS:
--          15, 'resident', '32068200012', 4711, '', 12, 'same', 'name_village', 'number=unknown;name=same;...', 15.2, 1, '张三',
--          '1950-03-05', '320682111001', '["张三"]'
-- Grain:   a person and a roll line, named by its roll number or, where it has none, by its place in the delivery
-- Rule:    same and not the same bind a night; of decisions on persons merged since, the latest counts.
SELECT DISTINCT ON (coalesce(a.canonical_id, d.person_id), d.scheme, d.roll_no,
        CASE WHEN d.roll_no = '' THEN (d.delivery_id, d.part, d.line)::text END)
    coalesce(a.canonical_id, d.person_id) AS person_id, d.scheme, d.roll_no, d.delivery_id, d.part, d.line, d.decision,
    d.rule, d.comparison_vector, d.score, d.model_version, d.roll_name, d.roll_birth, d.roll_unit_code,
    d.person_names::text AS person_names
FROM coverage_matchdecision d
LEFT JOIN person_alias_at(%(known)s) a ON a.person_id = d.person_id
WHERE d.county_id = %(county)s AND d.decision IN ('same', 'not_same')
  AND d.recorded_at <= %(known)s AND (d.superseded_at IS NULL OR d.superseded_at > %(known)s)
ORDER BY coalesce(a.canonical_id, d.person_id), d.scheme, d.roll_no,
    CASE WHEN d.roll_no = '' THEN (d.delivery_id, d.part, d.line)::text END, d.recorded_at DESC
