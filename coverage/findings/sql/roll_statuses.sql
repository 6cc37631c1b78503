-- Kinds:   INVALID_STATUS_PAIR, ROLL_ENDED
-- Inputs:  resident
-- Grain:   one row a resident roll line
-- Rule:    aac008 and aac031 make one of five pairs; an empty or zero contribution status means registered but not insured,
--          every other pair is an error. Source: docs/rules.md R11
SELECT snapshot, position,
    CASE WHEN status[3:] IN ('', '0') THEN 'ROLL_ENDED' ELSE 'INVALID_STATUS_PAIR' END AS kind,
    status AS reason, '' AS evidence_class, []::BIGINT[] AS facts, []::BIGINT[] AS reports, NULL::VARCHAR AS other_line
FROM resident
WHERE status NOT IN ('1/1', '2/2', '1/3', '2/3', '4/3')
