-- Inputs:  id_ranges(from_id, to_id), which the caller defines; audit_contextentry, pghistory_context
-- Output:  from_id, to_id, the count of rows, their fingerprint: 1, 4711, 4711, 9f86d081884c7d65...
-- Grain:   one row a range of ids
-- Rule:    layout 1, written as for events (fingerprint_events.sql): what was stated first, and whether the context itself is still there and
--          still states it. It may have gained keys since, while its request lasted; a changed or deleted one gives another fingerprint.
SELECT s.from_id, s.to_id, count(r.id),
    encode(sha256(coalesce(string_agg(
        sha256(convert_to(ROW(
            r.id, r.context_id, extract(epoch FROM r.created_at), r.metadata,
            coalesce(c.created_at = r.created_at AND c.metadata @> jsonb_strip_nulls(r.metadata), false)
        )::text, 'UTF8')), ''::bytea ORDER BY r.id), ''::bytea)), 'hex')
FROM id_ranges s
LEFT JOIN audit_contextentry r ON r.id BETWEEN s.from_id AND s.to_id
LEFT JOIN pghistory_context c ON c.id = r.context_id
GROUP BY s.from_id, s.to_id
