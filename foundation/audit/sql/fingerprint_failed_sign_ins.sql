-- Inputs:  id_ranges(from_id, to_id), which the caller defines; axes_accessfailurelog
-- Output:  from_id, to_id, the count of rows, their fingerprint: 1, 4711, 4711, 9f86d081884c7d65...
-- Grain:   one row a range of ids
-- Rule:    layout 1, written as for events (fingerprint_events.sql).
SELECT s.from_id, s.to_id, count(r.id),
    encode(sha256(coalesce(string_agg(
        sha256(convert_to(ROW(
            r.id, r.username, r.ip_address, r.user_agent, r.http_accept, r.path_info, extract(epoch FROM r.attempt_time),
            r.locked_out
        )::text, 'UTF8')), ''::bytea ORDER BY r.id), ''::bytea)), 'hex')
FROM id_ranges s
LEFT JOIN axes_accessfailurelog r ON r.id BETWEEN s.from_id AND s.to_id
GROUP BY s.from_id, s.to_id
