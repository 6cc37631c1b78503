-- Inputs:  person_gap(person_id, kind, reason), feed_gap(feed, kind, reason): the rows of the finders in sql/gaps;
--          roll_line_gap: those of gaps/roll_lines.sql; person(person_id, name, name_pinyin, unit_id); $feed_subject
-- Output:  the columns of casework's FOUND, without the pinyin of subjects that are no persons:
--          15, 'UNINSURED', 'never_enrolled', '', '', '', '[]', '张三', 'zhang san', 4711, ''
-- Grain:   a subject and kind of gap
-- Rule:    poor persons no longer in any file have no row in person: their gaps are worked as those of roll lines.
WITH found AS (
    SELECT person_id, kind, reason, '' AS evidence_class, '' AS scheme, '' AS roll_no, '[]' AS evidence,
        '' AS roll_name, '' AS roll_unit_code FROM person_gap
    UNION ALL
    SELECT NULL, kind, reason, '', $feed_subject, feed, '[]', feed, '' FROM feed_gap
    UNION ALL
    SELECT person_id, kind, reason, evidence_class, scheme, roll_no, evidence, roll_name, roll_unit_code
    FROM roll_line_gap
)
SELECT f.person_id, f.kind, f.reason, f.evidence_class, f.scheme, f.roll_no, f.evidence,
    coalesce(p.name, f.roll_name) AS subject_name, p.name_pinyin AS subject_pinyin,
    p.unit_id, CASE WHEN p.person_id IS NULL THEN f.roll_unit_code ELSE '' END AS unit_code
FROM found f LEFT JOIN person p USING (person_id)
ORDER BY f.kind, f.person_id, f.scheme, f.roll_no
