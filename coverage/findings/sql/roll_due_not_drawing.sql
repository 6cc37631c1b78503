-- Kinds:   DUE_NOT_DRAWING
-- Inputs:  resident, other_scheme
-- Grain:   one row a resident roll line
-- Rule:    the month after turning 60 has come, the line still contributes or lapsed, and no other scheme holds the person.
-- Source:  docs/rules.md R16, tested by months only.
SELECT r.snapshot, r.position, 'DUE_NOT_DRAWING' AS kind, CASE r.status WHEN '2/2' THEN 'lapsed' ELSE 'contributing' END AS reason,
    '' AS evidence_class, []::BIGINT[] AS facts, []::BIGINT[] AS reports, NULL::VARCHAR AS other_line
FROM resident r
ANTI JOIN other_scheme o ON o.snapshot = r.snapshot AND o.position = r.position AND o.other_status IN ('1', '2')
WHERE r.status IN ('1/1', '2/2') AND due_month(r.birth) <= getvariable('as_of_month')
