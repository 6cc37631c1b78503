-- Inputs:  person_finding, roll_finding of a night
-- Output:  one row a finding as coverage_finding keeps it: person_id, scheme, roll_no, kind, evidence_class, evidence (JSON):
--          4711, '', '', 'death', 'A', {"value": "2018-12-05", "facts": [17], "reports": [], "lines": []}
-- Rule:    a finding on a roll line carries the person whose line it is, or nobody.
SELECT person_id, '' AS scheme, '' AS roll_no, kind, evidence_class,
    to_json({'value': value, 'facts': facts, 'reports': reports, 'lines': lines})::VARCHAR AS evidence
FROM person_finding
UNION ALL
SELECT person_id, scheme, roll_no, kind, evidence_class,
    to_json({'value': reason, 'facts': facts, 'reports': reports, 'other': other_line,
        'lines': [{'scheme': scheme, 'roll_no': roll_no, 'delivery': delivery_id, 'part': part, 'line': line,
                   'status': status}]})::VARCHAR
FROM roll_finding
