-- Inputs:  casework_gap, coverage_coverageverdict and coverage_finding as published by this night;
--          kinds: one row a kind of gap: {"kind": "UNINSURED", "feeds": [], "by_code": true};
--          codes: one row a code: {"verdict": "0-207", "feeds": ["deaths"]};
--          weak: the feeds too old or withdrawn; lists: those of poor persons
-- Output:  one row an open gap whose closing rests on a weak feed: gap_id, feeds divided by blanks: 4711, 'deaths resident'
-- Grain:   an open gap of the county
-- Rule:    a person who left every list leaves the work list only when all lists are fresh; a gap of the uninsured rests on the feed of the
--          person's new code where that has one; any other gap rests on the feeds of its kind. Whom the village has seen since, no survey is waited for.
SELECT g.id AS gap_id, array_to_string(resting.feeds, ' ') AS feeds
FROM casework_gap g
JOIN jsonb_to_recordset(%(kinds)s::jsonb) AS k (kind text, feeds text[], by_code boolean) ON k.kind = g.kind
LEFT JOIN coverage_coverageverdict v ON v.person_id = g.person_id AND v.county_id = g.county_id AND v.superseded_at IS NULL
LEFT JOIN jsonb_to_recordset(%(codes)s::jsonb) AS c (verdict text, feeds text[]) ON c.verdict = v.verdict
CROSS JOIN LATERAL (
    SELECT array_agg(feed ORDER BY feed) AS feeds FROM unnest(%(weak)s::text[]) feed
    WHERE feed = ANY(CASE
        WHEN g.person_id IS NOT NULL AND v.person_id IS NULL THEN %(lists)s::text[] || k.feeds
        WHEN k.by_code AND cardinality(c.feeds) > 0 THEN c.feeds
        ELSE k.feeds END)
) resting
WHERE g.county_id = %(county)s AND g.closed_at IS NULL AND resting.feeds IS NOT NULL
  AND NOT (g.kind = 'NOT_FOUND' AND EXISTS (
    SELECT 1 FROM coverage_finding f
    WHERE f.person_id = g.person_id AND f.kind = 'report' AND f.superseded_at IS NULL AND f.evidence->>'value' <> 'cannot_be_found'))
