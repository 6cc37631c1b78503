-- Kinds:   DUPLICATE_BENEFIT, DUPLICATE_CONTRIBUTION
-- Inputs:  resident, resident_key(position, snapshot, key, phonetic_key): right numbers and those one digit error away
-- Grain:   one row a resident roll line whose person is on the roll twice
-- Rule:    two lines of one number and one phonetic key: drawing on both is a duplicate benefit, else a duplicate enrolment. A
--          repaired number is compared with the right ones.
WITH twice AS (
    SELECT a.snapshot, a.position, b.snapshot AS other_snapshot, b.position AS other_position
    FROM resident_key a
    JOIN resident_key b ON a.key = b.key AND a.phonetic_key = b.phonetic_key AND (a.snapshot, a.position) <> (b.snapshot, b.position)
    WHERE a.stated OR b.stated
)
SELECT r.snapshot, r.position,
    CASE WHEN r.status = '1/3' AND bool_or(o.status = '1/3') THEN 'DUPLICATE_BENEFIT' ELSE 'DUPLICATE_CONTRIBUTION' END AS kind,
    'twice_on_roll' AS reason, '' AS evidence_class, []::BIGINT[] AS facts, []::BIGINT[] AS reports, min('resident ' || o.roll_no) AS other_line
FROM twice t
JOIN resident r USING (snapshot, position)
JOIN resident o ON o.snapshot = t.other_snapshot AND o.position = t.other_position
WHERE r.status IN ('1/1', '2/2', '1/3', '2/3') AND o.status IN ('1/1', '2/2', '1/3', '2/3')
GROUP BY r.snapshot, r.position, r.status
