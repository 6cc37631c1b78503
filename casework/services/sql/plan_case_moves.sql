-- Inputs:  casework_gap, casework_case of the county; at: the moment of the night
-- Output:  planned_move: one row a case that must be opened, reopened, routed or resolved:
--          case_id 17 (null: to be opened), state 'assigned', gap_id 4711 (the gravest open gap), due_on, verb 'route_case'
-- Grain:   a subject of the county with an open gap or a case
-- Rule:    a subject without a case gets one; a resolved case, or one closed before the newest gap was opened, is reopened; a
--          working case moves to the desk, unit and day of its gravest gap; a working case whose last gap this night closed
--          is resolved. Cases that need nothing have no row.
CREATE TEMP TABLE planned_move ON COMMIT DROP AS
WITH wanted AS (
    SELECT coalesce(person_id, 0) AS whose, scheme, roll_no, min(due_on) AS due_on, max(opened_at) AS newest_at,
        (array_agg(id ORDER BY rank, id))[1] AS gap_id
    FROM casework_gap WHERE county_id = %(county)s AND closed_at IS NULL GROUP BY 1, 2, 3
), known AS (
    SELECT id, coalesce(person_id, 0) AS whose, scheme, roll_no, unit_id, state, desk, due_on, closed_at
    FROM casework_case WHERE county_id = %(county)s
), gone AS (
    SELECT DISTINCT coalesce(person_id, 0) AS whose, scheme, roll_no
    FROM casework_gap WHERE county_id = %(county)s AND closed_at = %(at)s
), judged AS (
    SELECT c.id AS case_id, c.state, w.gap_id, w.due_on, CASE
        WHEN c.id IS NULL THEN %(open)s
        WHEN w.gap_id IS NULL AND c.closed_at IS NULL AND gone.whose IS NOT NULL THEN %(resolve)s
        WHEN w.gap_id IS NOT NULL AND (c.state = 'resolved' OR w.newest_at > c.closed_at) THEN %(reopen)s
        WHEN w.gap_id IS NOT NULL AND c.closed_at IS NULL
            AND (c.desk, c.due_on, c.unit_id) IS DISTINCT FROM (g.desk, w.due_on, g.unit_id) THEN %(route)s
        END AS verb
    FROM wanted w
    FULL JOIN known c USING (whose, scheme, roll_no)
    LEFT JOIN gone USING (whose, scheme, roll_no)
    LEFT JOIN casework_gap g ON g.id = w.gap_id AND g.county_id = %(county)s
)
SELECT * FROM judged WHERE verb IS NOT NULL
