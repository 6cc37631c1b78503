-- Kinds:   DRAWING_BEFORE_60
-- Inputs:  resident
-- Grain:   one row a resident roll line
-- Rule:    drawing although the month after turning 60 has not come. Source: docs/rules.md R16
SELECT snapshot, position, 'DRAWING_BEFORE_60' AS kind, strftime(birth, '%Y-%m') AS reason, '' AS evidence_class,
    []::BIGINT[] AS facts, []::BIGINT[] AS reports, NULL::VARCHAR AS other_line
FROM resident
WHERE status = '1/3' AND due_month(birth) > getvariable('as_of_month')
