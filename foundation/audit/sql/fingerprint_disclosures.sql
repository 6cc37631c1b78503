-- Inputs:  id_ranges(from_id, to_id), which the caller defines; audit_disclosure
-- Output:  from_id, to_id, the count of rows, their fingerprint: 1, 4711, 4711, 9f86d081884c7d65...
-- Grain:   one row a range of ids
-- Rule:    layout 1, written as for events (fingerprint_events.sql).
SELECT s.from_id, s.to_id, count(r.id),
    encode(sha256(coalesce(string_agg(
        sha256(convert_to(ROW(
            r.id, extract(epoch FROM r.at), r.actor_kind, r.actor_id, r.actor_name, r.role, r.unit_code, r.deputy_for_id,
            r.deputy_for_name, r.recipient, r.purpose, r.legal_basis, r.fields, r.row_count, r.request_id
        )::text, 'UTF8')), ''::bytea ORDER BY r.id), ''::bytea)), 'hex')
FROM id_ranges s
LEFT JOIN audit_disclosure r ON r.id BETWEEN s.from_id AND s.to_id
GROUP BY s.from_id, s.to_id
