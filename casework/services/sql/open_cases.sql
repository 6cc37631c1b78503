-- Inputs:  planned_move, casework_gap
-- Output:  casework_case: the cases to be opened; moved_case: one row each
-- Rule:    a clerk who opened the same case a moment before keeps it; the next night routes it.
WITH opened AS (
    INSERT INTO casework_case
        (county_id, unit_id, person_id, scheme, roll_no, state, close_reason, desk, due_on, opened_at)
    SELECT g.county_id, g.unit_id, g.person_id, g.scheme, g.roll_no, 'open', '', g.desk, p.due_on, %(at)s
    FROM planned_move p JOIN casework_gap g ON g.id = p.gap_id AND g.county_id = %(county)s WHERE p.verb = %(open)s ORDER BY g.rank, g.id
    ON CONFLICT DO NOTHING
    RETURNING id, coalesce(person_id, 0) AS whose, scheme, roll_no, state, desk, due_on
)
INSERT INTO moved_case (id, verb, state_before, state_after, desk, kind, due_on)
SELECT o.id, p.verb, '', o.state, o.desk, g.kind, o.due_on
FROM planned_move p JOIN casework_gap g ON g.id = p.gap_id AND g.county_id = %(county)s
JOIN opened o ON o.whose = coalesce(g.person_id, 0) AND o.scheme = g.scheme AND o.roll_no = g.roll_no
WHERE p.verb = %(open)s
