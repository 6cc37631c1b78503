-- Inputs:  found_gap: one row a subject and kind that should be open, unit_id or a unit_code as a roll wrote it;
--          kept_open: one row an open gap that may not close, with the feeds that keep it; casework_gap, regions_unit;
--          kinds: one row a kind: {"kind": "UNINSURED", "rank": 30, "desk": "township", "due_on": "2019-01-31"}
-- Output:  casework_gap: what is missing from found_gap closed, or marked as kept open; what stays brought up to date; what
--          is new opened
-- Grain:   a statement each over all gaps of the county
-- Rule:    a gap keeps its row, and so its age, as long as its subject and kind are found. A unit code not found in the
--          county falls back to the township, then to the county itself.
UPDATE found_gap n SET unit_id = place.id
FROM (
    SELECT DISTINCT ON (w.unit_code) w.unit_code, u.id
    FROM (SELECT DISTINCT unit_code FROM found_gap WHERE unit_code <> '') w
    JOIN regions_unit u ON u.code IN (rpad(w.unit_code, 12, '0'), rpad(left(w.unit_code, 9), 12, '0'), rpad(left(w.unit_code, 6), 12, '0'))
    JOIN regions_unit c ON c.id = %(county)s AND starts_with(u.path, c.path)
    WHERE u.valid_to IS NULL
    ORDER BY w.unit_code, u.level DESC
) place
WHERE place.unit_code = n.unit_code;
UPDATE found_gap SET unit_id = %(county)s WHERE unit_id IS NULL;

CREATE TEMP TABLE missing_gap ON COMMIT DROP AS
SELECT g.id, coalesce(k.feeds, '') AS kept_open_by_feeds
FROM casework_gap g
LEFT JOIN kept_open k ON k.gap_id = g.id
WHERE g.county_id = %(county)s AND g.closed_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM found_gap n WHERE n.kind = g.kind AND n.scheme = g.scheme AND n.roll_no = g.roll_no
    AND coalesce(n.person_id, 0) = coalesce(g.person_id, 0));

UPDATE casework_gap g SET kept_open_by_feeds = coalesce(m.kept_open_by_feeds, '')
FROM casework_gap every LEFT JOIN missing_gap m ON m.id = every.id
WHERE g.id = every.id AND g.county_id = %(county)s AND g.closed_at IS NULL
  AND g.kept_open_by_feeds <> coalesce(m.kept_open_by_feeds, '');

UPDATE casework_gap g SET closed_at = %(at)s, closed_on = %(day)s
FROM missing_gap m WHERE m.id = g.id AND m.kept_open_by_feeds = '';

UPDATE casework_gap g SET reason = n.reason, evidence_class = n.evidence_class, evidence = n.evidence::jsonb, unit_id = n.unit_id,
    subject_name = n.subject_name, subject_pinyin = n.subject_pinyin
FROM found_gap n
WHERE g.county_id = %(county)s AND g.closed_at IS NULL AND n.kind = g.kind AND n.scheme = g.scheme AND n.roll_no = g.roll_no
  AND coalesce(n.person_id, 0) = coalesce(g.person_id, 0)
  AND (g.reason, g.evidence_class, g.evidence, g.unit_id, g.subject_name)
      IS DISTINCT FROM (n.reason, n.evidence_class, n.evidence::jsonb, n.unit_id, n.subject_name);

INSERT INTO casework_gap (county_id, unit_id, person_id, scheme, roll_no, subject_name, subject_pinyin, kind, reason, rank,
        evidence_class, evidence, desk, due_on, opened_on, opened_at)
    SELECT %(county)s, n.unit_id, n.person_id, n.scheme, n.roll_no, n.subject_name, n.subject_pinyin, n.kind, n.reason, k.rank,
        n.evidence_class, n.evidence::jsonb, k.desk, k.due_on, %(day)s, %(at)s
    FROM found_gap n
    JOIN jsonb_to_recordset(%(kinds)s::jsonb) AS k (kind text, rank int, desk text, due_on date) ON k.kind = n.kind
    WHERE NOT EXISTS (
        SELECT 1 FROM casework_gap g WHERE g.county_id = %(county)s AND g.closed_at IS NULL AND n.kind = g.kind
        AND n.scheme = g.scheme AND n.roll_no = g.roll_no AND coalesce(n.person_id, 0) = coalesce(g.person_id, 0))
    ORDER BY k.rank, n.person_id, n.scheme, n.roll_no;
