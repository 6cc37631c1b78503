-- Inputs:  line_before, line_after(person_id, key, status, settlement, unit_id, hukou, name, number_id, number_state, line_in,
--          sheet, row, member); registry_fact, registry_personidentifier; parameters county, feed, day
-- Output:  change(kind, person_id, record_key, name, before, after, unit_id, line_in_id, sheet, row, member); `line_in_id` is the
--          file that contains the line, the earlier one where it is gone:
--          dibao_kind, 42, 3206820001|1, 王强, partial, full, 1207, 31, Sheet1, 14, 1
-- Grain:   one row a line and thing that changed
-- Rule:    a line belongs to the same person under the same key; or it has the same key and number with another name, which the
--          register treats as two persons until a reviewer merges them; or it belongs to the same person under another key (a
--          household with new numbers). What is left is new or gone. A number that became wrong is `new_error`, whatever else the
--          line states of the name; of numbers only the state is shown. Whether a changed name has the same phonetic key as before,
--          the caller determines (kind `name`).
CREATE TEMP TABLE change ON COMMIT DROP AS
WITH left_before AS (
    SELECT person_id, key, number_id FROM line_before b
    WHERE NOT EXISTS (SELECT 1 FROM line_after a WHERE a.person_id = b.person_id AND a.key = b.key)
), left_after AS (
    SELECT person_id, key, number_id FROM line_after a
    WHERE NOT EXISTS (SELECT 1 FROM line_before b WHERE b.person_id = a.person_id AND b.key = a.key)
), renamed AS (
    SELECT b.person_id AS person_before, a.person_id AS person_after, a.key
    FROM left_before b JOIN left_after a ON a.key = b.key AND a.number_id = b.number_id
), rest_before AS (
    SELECT person_id, key, row_number() OVER (PARTITION BY person_id ORDER BY key) AS place FROM left_before l
    WHERE NOT EXISTS (SELECT 1 FROM renamed r WHERE r.person_before = l.person_id AND r.key = l.key)
), rest_after AS (
    SELECT person_id, key, row_number() OVER (PARTITION BY person_id ORDER BY key) AS place FROM left_after l
    WHERE NOT EXISTS (SELECT 1 FROM renamed r WHERE r.person_after = l.person_id AND r.key = l.key)
), pair AS (
    SELECT b, a FROM line_before b JOIN line_after a ON a.person_id = b.person_id AND a.key = b.key
    WHERE (a.status, a.settlement, a.unit_id, a.hukou, a.name, a.number_id, a.number_state)
          IS DISTINCT FROM (b.status, b.settlement, b.unit_id, b.hukou, b.name, b.number_id, b.number_state)
    UNION ALL
    SELECT b, a FROM renamed r
    JOIN line_before b ON b.person_id = r.person_before AND b.key = r.key
    JOIN line_after a ON a.person_id = r.person_after AND a.key = r.key
    UNION ALL
    SELECT b, a FROM rest_before x FULL JOIN rest_after y ON y.person_id = x.person_id AND y.place = x.place
    LEFT JOIN line_before b ON b.person_id = x.person_id AND b.key = x.key
    LEFT JOIN line_after a ON a.person_id = y.person_id AND a.key = y.key
), line AS (
    SELECT b, a, coalesce((a).person_id, (b).person_id) AS person_id, coalesce((a).name, (b).name) AS name,
        coalesce((a).key, (b).key) AS record_key, coalesce((a).unit_id, (b).unit_id) AS unit_id,
        coalesce((a).line_in, (b).line_in) AS line_in_id, coalesce((a).sheet, (b).sheet) AS sheet, coalesce((a).row, (b).row) AS row,
        coalesce((a).member, (b).member) AS member,
        CASE WHEN (b).key IS NULL THEN 'new' WHEN (a).key IS NULL THEN 'gone' ELSE 'both' END AS side,
        ((a).number_id, (a).number_state) IS DISTINCT FROM ((b).number_id, (b).number_state) AS is_renumbered
    FROM pair
), dead AS (
    SELECT i.person_id FROM registry_personidentifier i JOIN registry_fact f ON f.number_id = i.number_id
    WHERE f.county_id = %(county)s AND f.kind = 'death' AND f.superseded_at IS NULL AND f.event_date <= %(day)s
      AND i.superseded_at IS NULL
)
SELECT c.kind, l.person_id, l.record_key, l.name, coalesce(c.before, '') AS before, coalesce(c.after, '') AS after, l.unit_id,
    l.line_in_id, l.sheet, l.row, l.member
FROM line l
LEFT JOIN regions_unit u ON u.id = (l.b).unit_id
LEFT JOIN regions_unit v ON v.id = (l.a).unit_id
CROSS JOIN LATERAL (VALUES
    ('poor_new', l.side = 'new', '', concat_ws(' ', (l.a).status, nullif((l.a).settlement, ''))),
    (CASE WHEN l.person_id IN (SELECT person_id FROM dead) THEN 'poor_removed_dead' ELSE 'poor_exit' END, l.side = 'gone',
        concat_ws(' ', (l.b).status, nullif((l.b).settlement, '')), ''),
    (CASE %(feed)s WHEN 'poverty' THEN 'poverty_status' WHEN 'dibao' THEN 'dibao_kind' ELSE 'tekun_kind' END,
        l.side = 'both' AND (l.a).status IS DISTINCT FROM (l.b).status, (l.b).status, (l.a).status),
    ('settlement', l.side = 'both' AND (l.a).settlement IS DISTINCT FROM (l.b).settlement, (l.b).settlement, (l.a).settlement),
    ('place', l.side = 'both' AND (l.a).unit_id IS DISTINCT FROM (l.b).unit_id, u.full_name, v.full_name),
    ('hukou', l.side = 'both' AND (l.a).hukou IS DISTINCT FROM (l.b).hukou, (l.b).hukou, (l.a).hukou),
    (CASE WHEN (l.a).number_state = 'ok' THEN 'id_corrected' ELSE 'new_error' END, l.side = 'both' AND l.is_renumbered,
        (l.b).number_state, (l.a).number_state),
    ('name', l.side = 'both' AND (l.a).name <> (l.b).name AND NOT (l.is_renumbered AND (l.a).number_state <> 'ok'),
        (l.b).name, (l.a).name)
) AS c (kind, holds, before, after)
WHERE c.holds;
