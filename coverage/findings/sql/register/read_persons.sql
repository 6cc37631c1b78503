-- Inputs:  registry_designation, registry_deliveredrow, registry_delivery, registry_person, registry_personidentifier, casework_case, casework_caseclosing,
--          person_alias_at();
--          county, day (of the night), known (the moment up to which what was recorded counts), last_days: of feeds whose newest list
--          lacks parts the day of the newest whole one: [{"feed": "poverty", "day": "2018-12-31"}]
-- Output:  the columns of tables.PERSON_COLUMNS:
--          15, f, t, t, f, 'poverty dibao', 4711, 4711, t, 4711, '张三', 'zhang san', 1, 'checksum', NULL, '1950-03-05', 'none', 12, '贫困人口', 4
-- Grain:   a person called poor on the day; merged persons count as the one kept
-- Rule:    newly poor: on no list of the day before this one, and some list has an earlier day. In the three categories: dibao,
--          tekun, or not marked out of poverty. The first line of the first list states where a person is filed, as in the
--          senders' own table. Whom a village reported counts from the next night on, although the
--          night's data are of an earlier day. Found alive: the latest day of the evidence on which a reviewer found a report of death wrong.
--          Going to school: what the newest list with such a column states.
WITH last_day AS (
    SELECT list.feed, CASE list.feed WHEN 'reported' THEN greatest(%(day)s::date, (%(known)s::timestamptz AT TIME ZONE 'Asia/Shanghai')::date)
        ELSE coalesce(held.day, %(day)s) END AS day
    FROM (VALUES ('poverty'), ('dibao'), ('tekun'), ('reported')) list (feed)
    LEFT JOIN jsonb_to_recordset(%(last_days)s::jsonb) AS held (feed text, day date) USING (feed)
), list_day AS (
    SELECT d.id, feed, as_of_date AS day, dense_rank() OVER (PARTITION BY feed ORDER BY as_of_date DESC) AS place
    FROM registry_delivery d
    JOIN last_day l USING (feed)
    WHERE county_id = %(county)s AND as_of_date <= l.day AND applied_at <= %(known)s
      AND (superseded_at IS NULL OR superseded_at > %(known)s)
), school AS (
    SELECT DISTINCT ON (coalesce(a.canonical_id, r.person_id)) coalesce(a.canonical_id, r.person_id) AS person_id,
        r.schooling, r.delivery_id, r.sheet, r.row
    FROM list_day l
    JOIN registry_deliveredrow r ON r.delivery_id = l.id
    LEFT JOIN person_alias_at(%(known)s) a ON a.person_id = r.person_id
    WHERE l.place = 1 AND r.schooling <> ''
    ORDER BY 1, l.day DESC, r.id DESC
), list_before AS (
    SELECT DISTINCT feed, day FROM list_day WHERE place = 2
), poor_before AS (
    SELECT DISTINCT coalesce(a.canonical_id, d.person_id) AS person_id
    FROM registry_designation d
    JOIN list_before b ON b.feed = d.kind AND d.valid_from <= b.day AND (d.valid_to IS NULL OR d.valid_to > b.day)
    LEFT JOIN person_alias_at(%(known)s) a ON a.person_id = d.person_id
    WHERE d.county_id = %(county)s
      AND d.recorded_at <= %(known)s AND (d.superseded_at IS NULL OR d.superseded_at > %(known)s)
), found_alive AS (
    SELECT coalesce(a.canonical_id, c.person_id) AS person_id, max(closing.evidence_date) AS found_on
    FROM casework_caseclosing closing
    JOIN casework_case c ON c.id = closing.case_id
    LEFT JOIN person_alias_at(%(known)s) a ON a.person_id = c.person_id
    WHERE c.county_id = %(county)s AND c.person_id IS NOT NULL AND closing.reason = 'alive' AND closing.closed_at <= %(known)s
      AND (closing.undone_at IS NULL OR closing.undone_at > %(known)s)
    GROUP BY 1
)
SELECT k.id AS person_id,
    before.person_id IS NULL AND bool_or(d.kind IN (SELECT feed FROM list_before)) AS newly_poor,
    bool_or(d.kind = 'poverty') AS in_poverty_file,
    bool_or(d.kind IN ('dibao', 'tekun') OR d.status IN ('poor', 'poor_again')) AS in_three_categories,
    bool_or(d.kind = 'poverty' AND d.hukou_text <> '' AND d.hukou_unit_id IS NULL) AS hukou_outside,
    concat_ws(' ', CASE WHEN bool_or(d.kind = 'poverty' AND d.status IN ('poor', 'poor_again')) THEN 'poverty' END,
        CASE WHEN bool_or(d.kind = 'poverty' AND d.status NOT IN ('poor', 'poor_again')) THEN 'marked_out' END,
        CASE WHEN bool_or(d.kind = 'dibao') THEN 'dibao' END, CASE WHEN bool_or(d.kind = 'tekun') THEN 'tekun' END) AS categories,
    (array_agg(d.file_unit_id ORDER BY array_position(ARRAY['poverty', 'dibao', 'tekun'], d.kind::text), d.row_id)
        FILTER (WHERE d.file_unit_id IS NOT NULL))[1] AS file_unit_id,
    (array_agg(d.hukou_unit_id ORDER BY array_position(ARRAY['poverty', 'dibao', 'tekun'], d.kind::text), d.row_id)
        FILTER (WHERE d.hukou_text <> ''))[1] AS hukou_unit_id,
    coalesce(bool_or(d.hukou_text <> ''), false) AS hukou_stated,
    k.unit_id, k.name, k.name_pinyin, k.sex,
    coalesce(string_agg(DISTINCT s.states, ' '), '') AS number_states, alive.found_on AS found_alive_on,
    k.birth_date, coalesce(school.schooling, '') AS schooling, school.delivery_id AS school_delivery, school.sheet AS school_sheet,
    school.row AS school_row
FROM registry_designation d
JOIN last_day l ON l.feed = d.kind
LEFT JOIN person_alias_at(%(known)s) a ON a.person_id = d.person_id
JOIN registry_person k ON k.id = coalesce(a.canonical_id, d.person_id)
LEFT JOIN LATERAL (
    SELECT string_agg(DISTINCT i.state, ' ' ORDER BY i.state) AS states FROM registry_personidentifier i
    WHERE i.person_id = d.person_id AND i.recorded_at <= %(known)s AND (i.superseded_at IS NULL OR i.superseded_at > %(known)s)
) s ON true
LEFT JOIN poor_before before ON before.person_id = k.id
LEFT JOIN school ON school.person_id = k.id
LEFT JOIN found_alive alive ON alive.person_id = k.id
WHERE d.county_id = %(county)s AND d.valid_from <= l.day AND (d.valid_to IS NULL OR d.valid_to > l.day)
  AND d.recorded_at <= %(known)s AND (d.superseded_at IS NULL OR d.superseded_at > %(known)s)
GROUP BY k.id, before.person_id, alive.found_on, school.schooling, school.delivery_id, school.sheet, school.row
