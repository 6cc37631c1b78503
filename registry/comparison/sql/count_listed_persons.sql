-- Inputs:  registry_deliveredrow; person_alias_at; parameters at, before and after (ids of the files of two lists)
-- Output:  before, after, gone, new: persons on the earlier list, on the later one, only on the earlier, only on the later:
--          4069, 4062, 3952, 3945
-- Grain:   one row
-- Rule:    a person counts once, however many lines name them; merged persons are the one kept.
WITH listed AS (
    SELECT coalesce(a.canonical_id, r.person_id) AS person_id,
        bool_or(r.delivery_id = ANY(%(before)s)) AS is_before, bool_or(r.delivery_id = ANY(%(after)s)) AS is_after
    FROM registry_deliveredrow r LEFT JOIN person_alias_at(%(at)s) a ON a.person_id = r.person_id
    WHERE r.delivery_id = ANY(%(before)s || %(after)s)
    GROUP BY 1
)
SELECT count(*) FILTER (WHERE is_before), count(*) FILTER (WHERE is_after),
    count(*) FILTER (WHERE is_before AND NOT is_after), count(*) FILTER (WHERE is_after AND NOT is_before)
FROM listed
