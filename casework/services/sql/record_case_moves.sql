-- Inputs:  moved_case
-- Output:  casework_caseevent: one row a moved case, with the night's day and where the rule sent it; counts by verb:
--          'open_case', 12
WITH recorded AS (
    INSERT INTO casework_caseevent (case_id, at, actor_name, actor_role, verb, state_before, state_after, note, detail)
    SELECT id, %(at)s, %(role)s, %(role)s, verb, state_before, state_after, '',
        jsonb_strip_nulls(jsonb_build_object('day', %(day)s::date, 'desk', desk, 'kind', kind, 'due_on', due_on))
    FROM moved_case ORDER BY verb <> %(open)s, id
    RETURNING verb
)
SELECT verb, count(*) FROM recorded GROUP BY verb
