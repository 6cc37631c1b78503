-- Inputs:  enrollment_lifeevidence, registry_fieldreport, casework_reportreview, registry_fact, registry_personidentifier,
--          registry_personname, person_alias_at(); county, persons (null: all), day, known (the moment up to which counts what was recorded)
-- Output:  person_id, seen_on, source: 15, '2018-11-02', 'phone'
-- Grain:   a person and evidence of life up to the day; merged persons count as the one kept
-- Rule:    what somebody entered; a report of the village, not by hearsay and not refused by the office, that the person was seen; a
--          line of a certification list, or an answer of the survey only the living give in person, under the person's own number and
--          name. Lines under a damaged number are found by the night's matching alone.
-- Source:  docs/rules.md R52, R13
WITH member AS (
    SELECT p.id AS person_id, p.id AS member_id FROM registry_person p
    WHERE p.county_id = %(county)s AND (%(persons)s::bigint[] IS NULL OR p.id = ANY(%(persons)s))
    UNION ALL
    SELECT a.canonical_id, a.person_id FROM person_alias_at(%(known)s) a JOIN registry_person p ON p.id = a.canonical_id
    WHERE p.county_id = %(county)s AND (%(persons)s::bigint[] IS NULL OR a.canonical_id = ANY(%(persons)s))
)
SELECT m.person_id, e.seen_on, e.source
FROM member m JOIN enrollment_lifeevidence e ON e.person_id = m.member_id
WHERE e.seen_on <= %(day)s AND e.recorded_at <= %(known)s
UNION ALL
SELECT m.person_id, f.observed_on, 'visit'
FROM member m JOIN registry_fieldreport f ON f.person_id = m.member_id
LEFT JOIN casework_reportreview r ON r.report_id = f.id AND r.ended_at <= %(known)s
WHERE f.kind = 'found' AND f.source NOT IN ('family', 'neighbours') AND r.state IS DISTINCT FROM 'declined'
  AND f.observed_on <= %(day)s AND f.received_at <= %(known)s
UNION ALL
SELECT DISTINCT m.person_id, f.event_date, CASE f.kind WHEN 'certified' THEN f.source ELSE 'visit' END
FROM member m
JOIN registry_personidentifier i ON i.person_id = m.member_id
JOIN registry_fact f ON f.number_id = i.number_id
JOIN registry_personname n ON n.person_id = m.member_id AND n.name = f.name
WHERE f.county_id = %(county)s AND f.event_date <= %(day)s
  AND (f.kind = 'certified' OR f.kind = 'survey' AND f.detail ? 'verifier' AND NOT f.detail ? 'second_hand'
    AND f.detail->>'answer' IN ('declined', 'resident_here'))
  AND f.recorded_at <= %(known)s AND (f.superseded_at IS NULL OR f.superseded_at > %(known)s)
  AND i.recorded_at <= %(known)s AND (i.superseded_at IS NULL OR i.superseded_at > %(known)s)
  AND n.recorded_at <= %(known)s AND (n.superseded_at IS NULL OR n.superseded_at > %(known)s)
