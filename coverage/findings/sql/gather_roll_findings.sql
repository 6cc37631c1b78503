-- Inputs:  found: the rows of all roll finders (snapshot, position, kind, reason, evidence_class, facts, reports,
--          other_line);
--          roll(scheme, snapshot, position, roll_no, part, line, name, unit_code, status), link(subject_id, snapshot, position, action)
-- Output:  roll_finding:
--          'resident', '32068200012', 4711, '', 12, '张三', '320682111001', '1/3', 'STOP_DUE', '2018-12-05', 'A', [17], [], '', 15
-- Grain:   a roll line and kind of finding
-- Rule:    a finding carries the person whose confirmed line it is, or nobody.
SELECT r.scheme, r.roll_no, r.snapshot AS delivery_id, r.part, r.line, r.name, r.unit_code, r.status, f.kind,
    min(f.reason) AS reason, min(f.evidence_class) AS evidence_class,
    list_sort(list_distinct(flatten(list(f.facts)))) AS facts,
    list_sort(list_distinct(flatten(list(f.reports)))) AS reports,
    coalesce(min(f.other_line), '') AS other_line, min(owner.person_id) AS person_id
FROM found f
JOIN (SELECT scheme, snapshot, position, roll_no, part, line, name, unit_code, status FROM roll) r USING (snapshot, position)
LEFT JOIN (SELECT snapshot, position, min(subject_id) AS person_id FROM link
           WHERE subject_id > 0 AND action = 'auto' GROUP BY ALL) owner USING (snapshot, position)
GROUP BY ALL ORDER BY r.roll_no, f.kind
