-- Inputs:  {lines}, {ended} (intake/staging.py): the lines of the file just applied, the designations it ended; registry_deliveredrow,
--          registry_delivery, registry_designation; parameters county, feed, at, before (ids of the files it is compared with)
-- Output:  line_before, line_after(person_id, key, status, settlement, unit_id, hukou, name, number_id, number_state, line_in,
--          sheet, row, member): what held before the file, and what the file states:
--          42, 3206820001|1, full, rural, 1207, 如皋市, 王强, 977, ok, 31, Sheet1, 14, 1
-- Grain:   one row a person and key
-- Rule:    name and number before are those of the newest file in force; designations this file does not affect are left out.
CREATE TEMP TABLE line_after ON COMMIT DROP AS
    SELECT l.person_id, l.key, l.status, l.settlement, l.unit_id, l.hukou_text AS hukou, l.name, l.number_id, l.number_state,
        r.delivery_id AS line_in, r.sheet, r.row, r.member
    FROM {lines} l JOIN registry_deliveredrow r ON r.id = l.id;
CREATE TEMP TABLE line_before ON COMMIT DROP AS
    WITH in_force AS (
        SELECT person_id, record_key AS key, status, settlement, file_unit_id AS unit_id, hukou_text AS hukou, row_id FROM {ended}
        UNION ALL
        SELECT d.person_id, d.record_key, d.status, d.settlement, d.file_unit_id, d.hukou_text, d.row_id
        FROM {lines} l JOIN registry_designation d ON d.person_id = l.person_id AND d.record_key = l.key
        WHERE d.county_id = %(county)s AND d.kind = %(feed)s AND d.superseded_at IS NULL AND d.valid_to IS NULL
          AND d.recorded_at < %(at)s
    ), newest AS (
        SELECT DISTINCT ON (r.person_id, r.record_key) r.*
        FROM registry_deliveredrow r JOIN registry_delivery f ON f.id = r.delivery_id
        WHERE f.id = ANY(%(before)s) AND r.record_key <> ''
        ORDER BY r.person_id, r.record_key, f.as_of_date DESC, r.id DESC
    )
    SELECT b.person_id, b.key, b.status, b.settlement, b.unit_id, b.hukou, r.name, r.number_id, r.number_state,
        r.delivery_id AS line_in, r.sheet, r.row, r.member
    FROM in_force b
    LEFT JOIN newest n ON n.person_id = b.person_id AND n.record_key = b.key
    JOIN registry_deliveredrow r ON r.id = coalesce(n.id, b.row_id);
