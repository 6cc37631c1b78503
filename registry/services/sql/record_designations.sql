-- Inputs:  {rows} (services/applying.py); registry_designation, registry_deliveredrow, registry_delivery; parameters county, kind,
--          day (as of the file), delivery, at, is_whole (whether all parts of the list are there), continued (the parts of the list
--          before that this file continues)
-- Output:  {lines}, {ended}, {opened} as StagedTables describes them; registry_designation: ended ones superseded, and recorded
--          again with an end where they began before the day; new ones opened from the day
-- Rule:    a line the file states otherwise is ended and opened again; one it no longer states is ended, unless another applied file of
--          the same feed and day states it (a list in several files is one, and ends nothing before all its parts are there,
--          but the only line, or the line in the same part, of a person whom this part states otherwise); one it states again the
--          same is left alone. A person's line under another key is the same line, changed: a sender may number households anew.
DROP TABLE IF EXISTS pg_temp.{lines}, pg_temp.{ended}, pg_temp.{opened};
CREATE TEMP TABLE {lines} ON COMMIT DROP AS
    SELECT DISTINCT ON (person_id, key) * FROM (
        SELECT *, CASE WHEN record_key = '' THEN 'row ' || id ELSE record_key END AS key FROM {rows}) keyed
    ORDER BY person_id, key, id;
ANALYZE {lines};
CREATE TEMP TABLE {ended} ON COMMIT DROP AS
    SELECT d.*, l.id IS NOT NULL AS changed FROM registry_designation d
    LEFT JOIN {lines} l ON l.person_id = d.person_id AND l.key = d.record_key
    WHERE d.county_id = %(county)s AND d.kind = %(kind)s AND d.superseded_at IS NULL AND d.valid_to IS NULL
      AND (l.id IS NULL OR (l.status, l.settlement, l.unit_id, l.hukou_unit_id, l.hukou_text)
           IS DISTINCT FROM (d.status, d.settlement, d.file_unit_id, d.hukou_unit_id, d.hukou_text))
      AND (l.id IS NOT NULL OR (%(is_whole)s OR d.person_id IN (SELECT person_id FROM {lines}) AND (
          NOT EXISTS (
              SELECT 1 FROM registry_designation o WHERE o.person_id = d.person_id AND o.county_id = d.county_id AND o.kind = d.kind
                AND o.superseded_at IS NULL AND o.valid_to IS NULL AND o.id <> d.id)
          OR EXISTS (
              SELECT 1 FROM registry_deliveredrow r WHERE r.person_id = d.person_id AND r.delivery_id = ANY(%(continued)s::bigint[])
                AND CASE r.record_key WHEN '' THEN 'row ' || r.id ELSE r.record_key END = d.record_key)
      )) AND NOT EXISTS (
          SELECT 1 FROM registry_deliveredrow r JOIN registry_delivery f ON f.id = r.delivery_id
          WHERE r.person_id = d.person_id AND CASE r.record_key WHEN '' THEN 'row ' || r.id ELSE r.record_key END = d.record_key
            AND f.state = 'applied' AND f.feed = d.kind
            AND f.county_id = d.county_id AND f.as_of_date = %(day)s AND f.id <> %(delivery)s));
UPDATE registry_designation d SET superseded_at = %(at)s FROM {ended} e WHERE e.id = d.id;
INSERT INTO registry_designation (person_id, county_id, kind, record_key, status, settlement, file_unit_id, hukou_unit_id,
        hukou_text, valid_from, valid_to, row_id, recorded_at)
    SELECT person_id, county_id, kind, record_key, status, settlement, file_unit_id, hukou_unit_id, hukou_text, valid_from,
        %(day)s, row_id, %(at)s
    FROM {ended} WHERE valid_from < %(day)s;
CREATE TEMP TABLE {opened} ON COMMIT DROP AS
    SELECT l.* FROM {lines} l WHERE NOT EXISTS (
        SELECT 1 FROM registry_designation d WHERE d.person_id = l.person_id AND d.county_id = %(county)s
        AND d.kind = %(kind)s AND d.record_key = l.key AND d.superseded_at IS NULL AND d.valid_to IS NULL);
INSERT INTO registry_designation (person_id, county_id, kind, record_key, status, settlement, file_unit_id, hukou_unit_id,
        hukou_text, valid_from, row_id, recorded_at)
    SELECT person_id, %(county)s, %(kind)s, key, status, settlement, unit_id, hukou_unit_id, hukou_text, %(day)s, id, %(at)s
    FROM {opened};
WITH left_before AS (
    SELECT id, person_id, row_number() OVER (PARTITION BY person_id ORDER BY record_key) AS place FROM {ended} WHERE NOT changed
), opened_today AS (
    SELECT person_id, key FROM {opened}
    UNION
    SELECT person_id, record_key FROM registry_designation
    WHERE county_id = %(county)s AND kind = %(kind)s AND superseded_at IS NULL AND valid_to IS NULL AND valid_from = %(day)s
), left_after AS (
    SELECT person_id, row_number() OVER (PARTITION BY person_id ORDER BY key) AS place FROM opened_today o
    WHERE NOT EXISTS (SELECT 1 FROM {ended} e WHERE e.changed AND e.person_id = o.person_id AND e.record_key = o.key)
)
UPDATE {ended} e SET changed = true
FROM left_before b JOIN left_after a ON a.person_id = b.person_id AND a.place = b.place WHERE e.id = b.id;
