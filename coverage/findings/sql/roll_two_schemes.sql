-- Kinds:   DUPLICATE_BENEFIT, DUPLICATE_CONTRIBUTION
-- Inputs:  resident, other_scheme(snapshot, position, other_scheme, other_status, other_roll_no): same person by number and name
-- Grain:   one row a resident roll line
-- Rule:    drawing here and there; or contributing here while contributing there. A pause or a lump sum there is neither.
WITH judged AS (
    SELECT r.snapshot, r.position,
        CASE
            WHEN r.status = '1/3' AND o.other_status = '2' THEN 'DUPLICATE_BENEFIT'
            WHEN r.status IN ('1/1', '2/2') AND o.other_status = '1' THEN 'DUPLICATE_CONTRIBUTION' END AS kind,
        o.other_scheme, o.other_roll_no, o.fact_id
    FROM resident r
    JOIN other_scheme o USING (snapshot, position)
)
SELECT snapshot, position, kind, 'two_schemes' AS reason, '' AS evidence_class,
    coalesce(list(DISTINCT fact_id ORDER BY fact_id) FILTER (fact_id IS NOT NULL), []) AS facts, []::BIGINT[] AS reports,
    min(other_scheme || ' ' || other_roll_no) AS other_line
FROM judged
WHERE kind IS NOT NULL
GROUP BY snapshot, position, kind
