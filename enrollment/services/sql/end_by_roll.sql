-- Inputs:  enrollment_enrollment, coverage_finding, registry_delivery, person_alias_at(); county, known (the moment up to which the night
--          read enrolments), at
-- Output:  the rows are superseded; each has a successor that ends on the day of the roll and names the finding
-- Grain:   a current enrolment of the county that the night read
-- Rule:    the night found the person on the resident roll with no insured status, and no enrolment of ours: as many rolls as the region
--          awaits have come since, and the roll decides. A roll not later than the enrolment ends nothing.
-- Source:  docs/rules.md R49
WITH enrolled AS (
    SELECT e.id, e.valid_from, coalesce(a.canonical_id, e.person_id) AS kept_id
    FROM enrollment_enrollment e LEFT JOIN person_alias_at(%(known)s) a ON a.person_id = e.person_id
    WHERE e.county_id = %(county)s AND e.scheme = 'resident' AND e.superseded_at IS NULL AND e.valid_to IS NULL AND e.recorded_at <= %(known)s
), decided AS (
    SELECT f.person_id, max(f.id) AS finding_id,
        bool_or(f.kind <> 'resident' OR f.evidence->>'value' IN ('1/1', '2/2', '1/3', '2/3')) AS counts
    FROM coverage_finding f
    WHERE f.county_id = %(county)s AND f.superseded_at IS NULL AND f.kind IN ('resident', 'portal', 'not_on_roll')
      AND f.person_id IN (SELECT kept_id FROM enrolled)
    GROUP BY f.person_id
), ended AS (
    SELECT d.person_id, d.finding_id, max(r.as_of_date) AS roll_day
    FROM decided d JOIN coverage_finding f ON f.id = d.finding_id
    CROSS JOIN jsonb_array_elements(f.evidence->'lines') AS line
    JOIN registry_delivery r ON r.id = (line->>'delivery')::bigint
    WHERE NOT d.counts
    GROUP BY d.person_id, d.finding_id
), superseded AS (
    UPDATE enrollment_enrollment e SET superseded_at = %(at)s
    FROM enrolled o JOIN ended ON ended.person_id = o.kept_id
    WHERE e.id = o.id AND ended.roll_day > o.valid_from
    RETURNING e.*, ended.roll_day, ended.finding_id
)
INSERT INTO enrollment_enrollment
    (county_id, person_id, scheme, application_id, draws, books, entry_number, valid_from, valid_to, ended_by_id, recorded_at)
SELECT county_id, person_id, scheme, application_id, draws, books, entry_number, valid_from, roll_day, finding_id, %(at)s
FROM superseded
