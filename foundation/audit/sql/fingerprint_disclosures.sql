-- In: audit_disclosure, the stretches of ids in `stretches`. Out: one row per stretch: how many rows, their fingerprint.
-- Layout 1; written as for events.
SELECT s.from_id, s.to_id, count(r.id),
    encode(sha256(coalesce(string_agg(
        sha256(convert_to(ROW(
            r.id, extract(epoch FROM r.at), r.actor_kind, r.actor_id, r.actor_name, r.role, r.unit_code, r.deputy_for_id,
            r.deputy_for_name, r.recipient, r.purpose, r.legal_basis, r.fields, r.row_count, r.request_id
        )::text, 'UTF8')), ''::bytea ORDER BY r.id), ''::bytea)), 'hex')
FROM stretches s
LEFT JOIN audit_disclosure r ON r.id BETWEEN s.from_id AND s.to_id
GROUP BY s.from_id, s.to_id
