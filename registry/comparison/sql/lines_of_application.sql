-- Inputs:  wanted, ended (of applying.py): the lines of the file just applied; the designations it ended, `changed` where it says them
--          otherwise; registry_deliveredrow, registry_delivery, registry_designation
-- Output:  line_before, line_after(person_id, key, status, settlement, unit_id, hukou, name, number_id, number_state, line_in,
--          sheet, row, member): what was believed before the file, and what it says; one row per person and key
-- Rule:    name and number before are those of the newest file that still stood; lines no file but this one touches are left out.
CREATE TEMP TABLE line_after ON COMMIT DROP AS
    SELECT w.person_id, w.key, w.status, w.settlement, w.unit_id, w.hukou_text AS hukou, w.name, w.number_id, w.number_state,
        r.delivery_id AS line_in, r.sheet, r.row, r.member
    FROM wanted w JOIN registry_deliveredrow r ON r.id = w.id;
CREATE TEMP TABLE line_before ON COMMIT DROP AS
    WITH believed AS (
        SELECT person_id, record_key AS key, status, settlement, file_unit_id AS unit_id, hukou_text AS hukou, row_id FROM ended
        UNION ALL
        SELECT d.person_id, d.record_key, d.status, d.settlement, d.file_unit_id, d.hukou_text, d.row_id
        FROM wanted w JOIN registry_designation d ON d.person_id = w.person_id AND d.record_key = w.key
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
    FROM believed b
    LEFT JOIN newest n ON n.person_id = b.person_id AND n.record_key = b.key
    JOIN registry_deliveredrow r ON r.id = coalesce(n.id, b.row_id);
