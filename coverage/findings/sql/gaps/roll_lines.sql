-- Kinds:   every kind a finding on a roll line has
-- Inputs:  roll_finding
-- Output:  one row a subject and kind: a line that is a poor person's becomes that person's gap, any other is a gap of the
--          line itself, named and placed as the roll writes it
SELECT person_id, kind, min(reason) AS reason, min(evidence_class) AS evidence_class, '' AS scheme, '' AS roll_no,
    to_json(list({'scheme': scheme, 'roll_no': roll_no, 'delivery': delivery_id, 'part': part, 'line': line, 'status': status,
        'other': other_line, 'facts': facts, 'reports': reports} ORDER BY roll_no, delivery_id, line))::VARCHAR AS evidence,
    min(name) AS roll_name, min(unit_code) AS roll_unit_code
FROM roll_finding WHERE person_id IS NOT NULL GROUP BY person_id, kind
UNION ALL
SELECT NULL, kind, min(reason), min(evidence_class), scheme, roll_no,
    to_json(list({'scheme': scheme, 'roll_no': roll_no, 'delivery': delivery_id, 'part': part, 'line': line, 'status': status,
        'other': other_line, 'facts': facts, 'reports': reports} ORDER BY delivery_id, line))::VARCHAR,
    min(name), min(unit_code)
FROM roll_finding WHERE person_id IS NULL GROUP BY scheme, roll_no, kind
