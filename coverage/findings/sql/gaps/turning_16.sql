-- Kinds:   TURNING_16
-- Inputs:  verdict
-- Rule:    a child's sixteenth birthday falls before the end of next month (turning_16_months_ahead): from that day on the person
--          should be insured. The birthday itself counts, not its month.
-- Reason:  the birthday.
-- Source:  docs/rules.md R7
SELECT person_id, 'TURNING_16' AS kind,
    strftime(birth_date + to_years(getvariable('participation_age')::INTEGER), '%Y-%m-%d') AS reason
FROM verdict
WHERE verdict = 'U16' AND NOT is_reported_dead AND birth_date + to_years(getvariable('participation_age')::INTEGER) > getvariable('as_of')
    AND birth_date + to_years(getvariable('participation_age')::INTEGER)
        < getvariable('as_of_month') + to_months(getvariable('months_to_16')::INTEGER + 1)
