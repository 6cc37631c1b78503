-- Inputs:  registry_deliveredrow, registry_delivery, registry_designation: what the feed's files of two days state;
--          parameters county, feed, day_before, day, at
-- Output:  line_before, line_after, as in lines_of_application: the lines of the earlier and of the later day
-- Grain:   one row a person and key
-- Rule:    a list in several files is one; of a line sent again corrected the correction counts; merged persons are the one kept.
CREATE TEMP TABLE line_of_day ON COMMIT DROP AS
    SELECT DISTINCT ON (f.as_of_date, k.person_id, k.key) f.as_of_date, k.person_id, k.key, d.status, d.settlement,
        d.file_unit_id AS unit_id, d.hukou_text AS hukou, r.name, r.number_id, r.number_state, r.delivery_id AS line_in, r.sheet,
        r.row, r.member
    FROM registry_deliveredrow r
    JOIN registry_delivery f ON f.id = r.delivery_id
    LEFT JOIN person_alias_at(%(at)s) a ON a.person_id = r.person_id
    CROSS JOIN LATERAL (
        SELECT coalesce(a.canonical_id, r.person_id) AS person_id,
            CASE WHEN r.record_key = '' THEN 'row ' || r.id ELSE r.record_key END AS key
    ) k
    LEFT JOIN registry_designation d ON d.person_id = r.person_id AND d.kind = f.feed AND d.record_key = k.key
        AND d.county_id = f.county_id AND d.superseded_at IS NULL
        AND d.valid_from <= f.as_of_date AND (d.valid_to IS NULL OR d.valid_to > f.as_of_date)
    WHERE f.county_id = %(county)s AND f.feed = %(feed)s AND f.state = 'applied' AND f.as_of_date IN (%(day_before)s, %(day)s)
    ORDER BY f.as_of_date, k.person_id, k.key, r.id DESC;
CREATE TEMP TABLE line_before ON COMMIT DROP AS SELECT * FROM line_of_day WHERE as_of_date = %(day_before)s;
CREATE TEMP TABLE line_after ON COMMIT DROP AS SELECT * FROM line_of_day WHERE as_of_date = %(day)s;
