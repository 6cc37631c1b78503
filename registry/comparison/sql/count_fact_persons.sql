-- Inputs:  registry_fact; parameters at (of the application), before and after (ids of the files of two lists)
-- Output:  before, after, gone, new, as in count_listed_persons
-- Grain:   one row
-- Rule:    a person is known by the number, without one by the name. Facts a correction replaced before do not count.
WITH listed AS (
    SELECT bool_or(delivery_id = ANY(%(before)s)) AS is_before, bool_or(delivery_id = ANY(%(after)s)) AS is_after
    FROM registry_fact
    WHERE delivery_id = ANY(%(before)s || %(after)s) AND (superseded_at IS NULL OR superseded_at >= %(at)s)
    GROUP BY number_id, CASE WHEN number_id IS NULL THEN name END
)
SELECT count(*) FILTER (WHERE is_before), count(*) FILTER (WHERE is_after),
    count(*) FILTER (WHERE is_before AND NOT is_after), count(*) FILTER (WHERE is_after AND NOT is_before)
FROM listed
