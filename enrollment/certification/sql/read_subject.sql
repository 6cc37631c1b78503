-- Inputs:  registry_person, coverage_coverageverdict, coverage_finding, enrollment_enrollment, registry_fact, registry_personidentifier,
--          person_alias_at(); person, county, day, known (the moment up to which counts what was recorded)
-- Output:  birth_date (as the newest night had it, else the register's), drawn (a list of lines for each finding that the person draws by the
--          resident roll, null where none says so), own_from (first day of an enrolment of our own that draws, or null), is_disabled:
--          1952-06-15, [[{"delivery": 3, "part": "jm.csv", "line": 12}]], null, false
-- Grain:   one row; none for whom the newest night has as dead
-- Source:  docs/rules.md R52
SELECT coalesce(v.birth_date, p.birth_date) AS birth_date,
    (SELECT jsonb_agg(f.evidence->'lines') FROM coverage_finding f
     WHERE f.person_id = p.id AND f.kind = 'resident' AND f.evidence->>'value' = '1/3'
       AND f.recorded_at <= %(known)s AND (f.superseded_at IS NULL OR f.superseded_at > %(known)s)) AS drawn,
    (SELECT min(e.valid_from) FROM enrollment_enrollment e
     WHERE e.person_id = p.id AND e.draws AND e.valid_from <= %(day)s AND (e.valid_to IS NULL OR e.valid_to > %(day)s)
       AND e.recorded_at <= %(known)s AND (e.superseded_at IS NULL OR e.superseded_at > %(known)s)) AS own_from,
    EXISTS (SELECT FROM registry_fact f
        JOIN registry_personidentifier i ON i.number_id = f.number_id
        LEFT JOIN person_alias_at(%(known)s) a ON a.person_id = i.person_id
        WHERE coalesce(a.canonical_id, i.person_id) = p.id AND f.county_id = %(county)s AND f.kind = 'disability'
          AND f.recorded_at <= %(known)s AND (f.superseded_at IS NULL OR f.superseded_at > %(known)s)
          AND i.recorded_at <= %(known)s AND (i.superseded_at IS NULL OR i.superseded_at > %(known)s)) AS is_disabled
FROM registry_person p
LEFT JOIN coverage_coverageverdict v
    ON v.person_id = p.id AND v.recorded_at <= %(known)s AND (v.superseded_at IS NULL OR v.superseded_at > %(known)s)
WHERE p.id = %(person)s AND v.verdict IS DISTINCT FROM '0-207'
