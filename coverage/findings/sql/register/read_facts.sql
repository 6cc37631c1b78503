-- Inputs:  registry_fact, registry_delivery; county, known (the moment up to which what was recorded counts), last_days as in
--          read_persons.sql: of a list that lacks parts nothing counts yet
-- Output:  the columns of tables.FACT_COLUMNS:
--          17, 'death', '张三', 4711, NULL, NULL, '1950-03-05', 1, '2018-12-05', NULL, NULL, 'police', '', '', false, '', '', '', '', ''
-- Grain:   a fact of a department
-- Rule:    a discharged soldier is no soldier any more.
SELECT f.id AS fact_id, f.kind, f.name, f.number_id, f.old_number_id, f.new_number_id, f.birth_date AS stated_birth, f.sex, f.event_date, f.valid_from, f.valid_to,
    f.source, coalesce(f.detail->>'answer', '') AS answer, CASE WHEN f.detail ? 'verifier' THEN 'yes' ELSE '' END AS verifier,
    f.detail ? 'second_hand' AS second_hand, coalesce(f.detail->>'to_place', '') AS to_place,
    coalesce(f.detail->>'scheme', '') AS scheme, coalesce(f.detail->>'status', '') AS status,
    f.name_before AS before_name, f.name_after AS after_name
FROM registry_fact f
WHERE f.county_id = %(county)s AND f.recorded_at <= %(known)s AND (f.superseded_at IS NULL OR f.superseded_at > %(known)s)
  AND NOT (f.kind = 'soldier' AND f.detail->>'state' IS NOT DISTINCT FROM 'discharged')
  AND NOT EXISTS (
    SELECT 1 FROM registry_delivery d JOIN jsonb_to_recordset(%(last_days)s::jsonb) AS held (feed text, day date) ON held.feed = d.feed
    WHERE d.id = f.delivery_id AND d.as_of_date > held.day)
