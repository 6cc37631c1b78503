-- Inputs:  planned_move, casework_gap
-- Output:  casework_case: the cases reopened, routed and resolved; moved_case: one row each, without desk, kind and day where
--          no gap is left
-- Rule:    the moves of casework/constants.py CASE_MOVES. A case somebody moved since it was planned keeps what they made of it.
WITH changed AS (
    UPDATE casework_case c SET
        state = CASE p.verb WHEN %(resolve)s THEN 'resolved' WHEN %(reopen)s THEN 'reopened' ELSE c.state END,
        closed_at = CASE p.verb WHEN %(resolve)s THEN %(at)s::timestamptz END,
        close_reason = '',
        owner_id = CASE p.verb WHEN %(reopen)s THEN NULL ELSE c.owner_id END,
        unit_id = CASE p.verb WHEN %(resolve)s THEN c.unit_id ELSE g.unit_id END,
        desk = CASE p.verb WHEN %(resolve)s THEN c.desk ELSE g.desk END,
        due_on = CASE p.verb WHEN %(resolve)s THEN c.due_on ELSE p.due_on END
    FROM planned_move p LEFT JOIN casework_gap g ON g.id = p.gap_id AND g.county_id = %(county)s
    WHERE c.id = p.case_id AND c.county_id = %(county)s AND c.state = p.state
    RETURNING c.id, p.verb, p.state AS state_before, c.state AS state_after, c.desk, g.kind, c.due_on
)
INSERT INTO moved_case (id, verb, state_before, state_after, desk, kind, due_on)
SELECT id, verb, state_before, state_after, CASE WHEN kind IS NOT NULL THEN desk END, kind, CASE WHEN kind IS NOT NULL THEN due_on END
FROM changed
