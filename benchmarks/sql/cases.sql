-- Inputs:  extra_person (people.sql); %(user)s the id of the clerk who owns half of them
-- Effects: a case for one person in ten: open, owned or closed
INSERT INTO casework_case (county_id, unit_id, person_id, scheme, roll_no, state, owner_id, close_reason, opened_at, closed_at)
SELECT county_id, unit_id, id, '', '', CASE WHEN is_closed THEN 'closed_with_reason' WHEN is_owned THEN 'in_progress' ELSE 'open' END,
    CASE WHEN is_owned THEN %(user)s END, CASE WHEN is_closed THEN 'no_action_needed' ELSE '' END, now(),
    CASE WHEN is_closed THEN now() END
FROM (SELECT *, n %% 50 = 0 AS is_closed, n %% 20 = 0 AS is_owned FROM extra_person WHERE n %% 10 = 0) worked
