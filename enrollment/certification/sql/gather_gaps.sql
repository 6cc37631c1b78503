-- Inputs:  window_found: the output of windows.sql; person(person_id, name, name_pinyin, unit_id); $visit
-- Output:  the columns of casework's FOUND; the reason is the last day of the window, and whether somebody goes to the person's home:
--          15, 'CERTIFICATION_DUE', '2020-05-31 visit', '', '', '', '[]', '张三', 'zhang san', 4711, ''
-- Grain:   a person whose life is to be certified now
SELECT w.person_id, 'CERTIFICATION_DUE' AS kind, strftime(w.window_last, '%Y-%m-%d') || CASE WHEN w.needs_visit THEN ' ' || $visit ELSE '' END AS reason,
    '' AS evidence_class, '' AS scheme, '' AS roll_no, '[]' AS evidence, p.name AS subject_name, p.name_pinyin AS subject_pinyin, p.unit_id,
    '' AS unit_code
FROM window_found w JOIN person p USING (person_id)
WHERE w.is_due
ORDER BY w.person_id
