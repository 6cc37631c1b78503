-- Inputs:  id_ranges(from_id, to_id), which the caller defines; audit_auditevent
-- Output:  from_id, to_id, the count of rows, their fingerprint: 1, 4711, 4711, 9f86d081884c7d65...
-- Grain:   one row a range of ids
-- Rule:    layout 1. The fingerprint of a range is the SHA-256 over the SHA-256 of each row in the order of ids. A row is written as a
--          record's text, which quotes what it must and distinguishes null from empty; the moment in seconds, so that the session's
--          time zone has no effect. A changed, removed or inserted row gives another fingerprint.
SELECT s.from_id, s.to_id, count(r.id),
    encode(sha256(coalesce(string_agg(
        sha256(convert_to(ROW(
            r.id, extract(epoch FROM r.at), r.actor_kind, r.actor_id, r.actor_name, r.role, r.unit_code, r.deputy_for_id,
            r.deputy_for_name, r.verb, r.object_type, r.object_id, r.outcome, r.purpose, r.detail, r.request_id
        )::text, 'UTF8')), ''::bytea ORDER BY r.id), ''::bytea)), 'hex')
FROM id_ranges s
LEFT JOIN audit_auditevent r ON r.id BETWEEN s.from_id AND s.to_id
GROUP BY s.from_id, s.to_id
