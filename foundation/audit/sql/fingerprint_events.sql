-- In: audit_auditevent, the stretches of ids in `stretches`. Out: one row per stretch: how many rows, their fingerprint.
-- Layout 1. The fingerprint of a stretch is SHA-256 over the SHA-256 of each row in order of its id. A row is written
-- as a record's text, which quotes what it must and tells null from empty; the moment as seconds, so that no session's
-- time zone matters. A changed, removed or inserted row gives another fingerprint.
SELECT s.from_id, s.to_id, count(r.id),
    encode(sha256(coalesce(string_agg(
        sha256(convert_to(ROW(
            r.id, extract(epoch FROM r.at), r.actor_kind, r.actor_id, r.actor_name, r.role, r.unit_code, r.deputy_for_id,
            r.deputy_for_name, r.verb, r.object_type, r.object_id, r.outcome, r.purpose, r.detail, r.request_id
        )::text, 'UTF8')), ''::bytea ORDER BY r.id), ''::bytea)), 'hex')
FROM stretches s
LEFT JOIN audit_auditevent r ON r.id BETWEEN s.from_id AND s.to_id
GROUP BY s.from_id, s.to_id
