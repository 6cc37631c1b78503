-- Inputs:  registry_fact, registry_personidentifier, person_alias_at(); county, known (the moment up to which counts what was recorded)
-- Output:  person_id, a row a person on the list of the disabled; merged persons count as the one kept
-- Source:  docs/rules.md R52
SELECT DISTINCT coalesce(a.canonical_id, i.person_id) AS person_id
FROM registry_fact f
JOIN registry_personidentifier i ON i.number_id = f.number_id
LEFT JOIN person_alias_at(%(known)s) a ON a.person_id = i.person_id
WHERE f.county_id = %(county)s AND f.kind = 'disability'
  AND f.recorded_at <= %(known)s AND (f.superseded_at IS NULL OR f.superseded_at > %(known)s)
  AND i.recorded_at <= %(known)s AND (i.superseded_at IS NULL OR i.superseded_at > %(known)s)
