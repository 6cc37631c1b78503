-- Inputs:  verdict(person_id, verdict, birth_date), person_finding(person_id, kind, value, lines), portal(person_id, draws, valid_from),
--          fact, person_hit(fact_id, person_id, action), life_evidence, listed_disabled; line(delivery, roll_no, started_on): lines of the
--          night's resident rolls with a first month of the benefit
-- Output:  the relations windows.sql reads: subject(person_id, birth_date, started_on, is_disabled), evidence(person_id, seen_on, source)
-- Rule:    who draws here by the roll or an enrolment of our own, and is not known to be dead; the roll's first month counts, the earliest
--          where it has several. Facts count that the night's matching finds for the person, beside what was pinned.
-- Source:  docs/rules.md R52, R13
CREATE TEMP VIEW subject AS
    SELECT v.person_id, v.birth_date, min(coalesce(l.started_on, o.valid_from)) AS started_on, bool_or(d.person_id IS NOT NULL) AS is_disabled
    FROM verdict v
    JOIN (
        SELECT person_id, unnest(CASE WHEN len(lines) > 0 THEN lines ELSE [NULL] END) AS drawn
        FROM person_finding WHERE kind IN ('resident', 'portal') AND value = '1/3'
    ) f ON f.person_id = v.person_id
    LEFT JOIN line l ON l.delivery = f.drawn.delivery AND l.roll_no = f.drawn.roll_no
    LEFT JOIN portal o ON o.person_id = v.person_id AND o.draws AND f.drawn IS NULL
    LEFT JOIN listed_disabled d ON d.person_id = v.person_id
    WHERE v.verdict <> '0-207'
    GROUP BY v.person_id, v.birth_date;
CREATE TEMP VIEW evidence AS
    SELECT person_id, seen_on, source FROM life_evidence
    UNION ALL
    SELECT h.person_id, f.event_date, CASE f.kind WHEN 'certified' THEN f.source ELSE 'visit' END
    FROM fact f JOIN person_hit h USING (fact_id)
    WHERE h.action = 'auto' AND f.event_date IS NOT NULL
        AND (f.kind = 'certified' OR f.kind = 'survey' AND f.verifier <> '' AND NOT f.second_hand AND f.answer IN ('declined', 'resident_here'));
