-- Inputs:  registry_fieldreport, casework_reportreview, person_alias_at(); county, day (of the night), known (the moment up to which
--          what was recorded counts)
-- Output:  the columns of tables.REPORT_COLUMNS:
--          31, 15, 'died', '2018-12-20', '2018-12-18', true, false, true
-- Grain:   a report of a village about a person of the county; merged persons count as the one kept
-- Rule:    first hand: seen, or a document seen; hearsay: told by family or neighbours. Accepted: by somebody of the office who did
--          not make the report. A report the office did not accept counts no more.
SELECT f.id AS report_id, coalesce(a.canonical_id, f.person_id) AS person_id, f.kind, f.observed_on, f.died_on,
    f.source IN ('seen', 'document') AS is_first_hand, f.source IN ('family', 'neighbours') AS is_hearsay,
    coalesce(r.state = 'accepted' AND r.ended_by <> f.reported_by, false) AS is_accepted
FROM registry_fieldreport f
LEFT JOIN person_alias_at(%(known)s) a ON a.person_id = f.person_id
LEFT JOIN casework_reportreview r ON r.report_id = f.id AND r.ended_at <= %(known)s
WHERE f.county_id = %(county)s AND f.person_id IS NOT NULL AND f.received_at <= %(known)s AND f.observed_on <= %(day)s
  AND r.state IS DISTINCT FROM 'declined'
