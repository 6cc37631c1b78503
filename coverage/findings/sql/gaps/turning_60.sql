-- Kinds:   TURNING_60
-- Inputs:  verdict
-- Rule:    the month of turning 60 is this one or one of the next three (turning_60_months_ahead), and no benefit is drawn yet:
--          the papers are asked for in time. The benefit starts the month after; from then on the roll finders report it.
-- Reason:  the month of turning 60.
-- Source:  docs/rules.md R16, tested by months only.
SELECT person_id, 'TURNING_60' AS kind, strftime(due_month(birth_date) - INTERVAL 1 MONTH, '%Y-%m') AS reason
FROM verdict
WHERE verdict NOT IN ('0-207', 'U16') AND desk_reason <> 'death_to_verify' AND NOT drawing
    AND due_month(birth_date) > getvariable('as_of_month')
    AND due_month(birth_date) <= getvariable('as_of_month') + to_months(getvariable('months_to_60')::INTEGER + 1)
