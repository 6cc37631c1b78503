-- Inputs:  enrollment_enrollment, registry_delivery, person_alias_at(); county, day, known (the moment up to which counts what was recorded)
-- Output:  one row a person enrolled on the day: 15, 4711, f, '2019-01-05', 1
-- Rule:    an enrolment counts from the first night after it, although the night's data are of an earlier day. Rolls since: days after the first for which the county's resident roll was applied
--          and not withdrawn. Persons merged count as the one kept; who is enrolled twice by that, as the one who draws.
-- Source:  docs/rules.md R49
SELECT DISTINCT ON (person_id) *
FROM (
    SELECT coalesce(a.canonical_id, e.person_id) AS person_id, e.id AS enrollment_id, e.draws, e.valid_from,
        (SELECT count(DISTINCT d.as_of_date) FROM registry_delivery d
         WHERE d.county_id = e.county_id AND d.feed = 'resident' AND d.as_of_date > e.valid_from AND d.as_of_date <= %(day)s
           AND d.applied_at <= %(known)s AND (d.superseded_at IS NULL OR d.superseded_at > %(known)s))::int AS rolls_since
    FROM enrollment_enrollment e
    LEFT JOIN person_alias_at(%(known)s) a ON a.person_id = e.person_id
    CROSS JOIN (SELECT greatest(%(day)s::date, (%(known)s::timestamptz AT TIME ZONE 'Asia/Shanghai')::date) AS day) now_day
    WHERE e.county_id = %(county)s AND e.scheme = 'resident' AND e.valid_from <= now_day.day AND (e.valid_to IS NULL OR e.valid_to > now_day.day)
      AND e.recorded_at <= %(known)s AND (e.superseded_at IS NULL OR e.superseded_at > %(known)s)
) own
ORDER BY person_id, draws DESC, valid_from DESC
