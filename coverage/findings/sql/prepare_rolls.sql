-- Inputs:  roll, roll_repair (matching/rolls.py), link, fact
-- Output:  the relations the roll finders read:
--          roll_hit(fact_id, scheme, snapshot, position, rule, action)         one row a fact and roll line
--          resident: the lines of the resident roll
--          resident_key(snapshot, position, key, phonetic_key, stated)         right numbers of resident lines and those a digit
--                                                                              error away, where two lines share one
--          other_scheme(snapshot, position, other_scheme, other_status, other_roll_no, fact_id)
--                                                                              one row a resident line and a line of another
--                                                                              scheme, or another province's fact, of one person
-- Rule:    one person: the same number, stated or a digit error away, and the same phonetic key of the name.
CREATE TEMP TABLE roll_hit AS
    SELECT -subject_id AS fact_id, scheme, snapshot, position, rule, action FROM link WHERE subject_id < 0;
CREATE TEMP VIEW resident AS SELECT * FROM roll WHERE scheme = 'resident';
CREATE TEMP VIEW resident_key AS
    WITH every AS (
        SELECT snapshot, position, key, phonetic_key, true AS stated FROM resident WHERE key IS NOT NULL
        UNION ALL SELECT snapshot, position, key, phonetic_key, false FROM roll_repair WHERE scheme = 'resident'
    )
    SELECT * FROM every SEMI JOIN (SELECT key FROM every GROUP BY key HAVING count(*) > 1) shared USING (key);
CREATE TEMP TABLE other_scheme AS
    WITH here AS (
        SELECT snapshot, position, key, phonetic_key FROM resident WHERE key IS NOT NULL
        UNION ALL SELECT snapshot, position, key, phonetic_key FROM roll_repair WHERE scheme = 'resident'
    ), there AS (
        SELECT scheme, roll_no, status, key, phonetic_key, true AS stated
        FROM roll WHERE scheme <> 'resident' AND key IS NOT NULL
        UNION ALL SELECT r.scheme, roll.roll_no, roll.status, r.key, r.phonetic_key, false FROM roll_repair r
            JOIN roll USING (snapshot, position) WHERE r.scheme <> 'resident'
    )
    SELECT DISTINCT here.snapshot, here.position, there.scheme AS other_scheme, there.status AS other_status,
        there.roll_no AS other_roll_no, NULL::BIGINT AS fact_id
    FROM here JOIN there ON there.key = here.key AND there.phonetic_key = here.phonetic_key
    UNION ALL
    SELECT h.snapshot, h.position, 'outprov',
        CASE f.status WHEN 'drawing' THEN '2' WHEN 'contributing' THEN '1' ELSE '3' END,
        '', f.fact_id
    FROM roll_hit h JOIN fact f ON f.fact_id = h.fact_id AND f.kind = 'insured_elsewhere'
    WHERE h.action = 'auto' AND h.scheme = 'resident';
