-- Inputs:  registry_designation, registry_person, registry_personname, registry_personidentifier, registry_identitynumber,
--          regions_unit, person_alias_at(); county, day (of the night), known (the moment up to which what was recorded counts),
--          last_days as in read_persons.sql
-- Output:  subject_id, name, number_id, state, stated_birth, village: 15, '张三', 4711, 'ok', NULL, '320682111001'
-- Grain:   a person called poor on the day, a name and a number; merged persons count as the one kept
-- Rule:    a birth date the file states beside the number is known only of persons without a right number:
--          registry_person.birth_date is read from a right one. The tekun list states it.
SELECT coalesce(a.canonical_id, d.person_id) AS subject_id, n.name, i.number_id, coalesce(i.state, '') AS state,
    CASE WHEN NOT EXISTS (
        SELECT 1 FROM registry_personidentifier k JOIN registry_identitynumber right_one ON right_one.id = k.number_id
        WHERE k.person_id = d.person_id AND right_one.valid
          AND k.recorded_at <= %(known)s AND (k.superseded_at IS NULL OR k.superseded_at > %(known)s)
    ) THEN p.birth_date END AS stated_birth,
    coalesce(u.code, '') AS village
FROM (SELECT DISTINCT person_id FROM registry_designation d
      LEFT JOIN jsonb_to_recordset(%(last_days)s::jsonb) AS held (feed text, day date) ON held.feed = d.kind
      CROSS JOIN LATERAL (SELECT CASE d.kind WHEN 'reported' THEN greatest(%(day)s::date, (%(known)s::timestamptz AT TIME ZONE 'Asia/Shanghai')::date)
          ELSE coalesce(held.day, %(day)s) END AS day) counted
      WHERE county_id = %(county)s AND valid_from <= counted.day AND (valid_to IS NULL OR valid_to > counted.day)
      AND d.recorded_at <= %(known)s AND (d.superseded_at IS NULL OR d.superseded_at > %(known)s)) d
LEFT JOIN person_alias_at(%(known)s) a ON a.person_id = d.person_id
JOIN registry_person p ON p.id = d.person_id
JOIN registry_personname n ON n.person_id = d.person_id
    AND n.recorded_at <= %(known)s AND (n.superseded_at IS NULL OR n.superseded_at > %(known)s)
LEFT JOIN registry_personidentifier i ON i.person_id = d.person_id
    AND i.recorded_at <= %(known)s AND (i.superseded_at IS NULL OR i.superseded_at > %(known)s)
LEFT JOIN regions_unit u ON u.id = p.unit_id
