-- Inputs:  coverage_finding, enrollment_enrollment, registry_fact, registry_personidentifier, person_alias_at(); person, county, day, known
--          (the moment up to which counts what was recorded)
-- Output:  drawn (a list of lines for each finding that the person draws by the resident roll, null where none says so), own_from (first
--          day of an enrolment of our own that draws, or null), is_disabled: [[{"delivery": 3, "part": "jm.csv", "line": 12}]], null, false
-- Grain:   one row
-- Source:  docs/rules.md R52
SELECT
    (SELECT jsonb_agg(f.evidence->'lines') FROM coverage_finding f
     WHERE f.person_id = %(person)s AND f.kind = 'resident' AND f.evidence->>'value' = '1/3'
       AND f.recorded_at <= %(known)s AND (f.superseded_at IS NULL OR f.superseded_at > %(known)s)) AS drawn,
    (SELECT min(e.valid_from) FROM enrollment_enrollment e
     WHERE e.person_id = %(person)s AND e.draws AND e.valid_from <= %(day)s AND (e.valid_to IS NULL OR e.valid_to > %(day)s)
       AND e.recorded_at <= %(known)s AND (e.superseded_at IS NULL OR e.superseded_at > %(known)s)) AS own_from,
    EXISTS (SELECT FROM registry_fact f
        JOIN registry_personidentifier i ON i.number_id = f.number_id
        LEFT JOIN person_alias_at(%(known)s) a ON a.person_id = i.person_id
        WHERE coalesce(a.canonical_id, i.person_id) = %(person)s AND f.county_id = %(county)s AND f.kind = 'disability'
          AND f.recorded_at <= %(known)s AND (f.superseded_at IS NULL OR f.superseded_at > %(known)s)
          AND i.recorded_at <= %(known)s AND (i.superseded_at IS NULL OR i.superseded_at > %(known)s)) AS is_disabled
