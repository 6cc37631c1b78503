-- Inputs:  roll_before, roll_after (snapshots of one scheme, two days, each of one delivery or several); parameters scheme, month_before,
--          month (first days), age_years
-- Output:  roll_change(kind, roll_no, roll_no_sent, part, line, before, after, is_gone, delivery); a line that is gone is from the earlier
--          roll, and of numbers only the state is shown:
--          paused, 3206820000123, , , 4711, 1/1, 2/2, false, 31
-- Grain:   one row a line and thing that changed
-- Rule:    lines are the same by the roll's own number, else by the person's right number and phonetic key where the roll numbered its
--          lines anew. Who passes from paying to drawing reached the age when the month after the birthday lies between the two
--          rolls, else began late. A gone line whose person has another line, by number or by name and
--          birth date, was a duplicate. From a damaged to a right number is a correction, from right to right another number.
CREATE OR REPLACE TEMP MACRO state_of(scheme, status) AS CASE
    WHEN scheme = 'resident' THEN CASE status
        WHEN '1/1' THEN 'paying' WHEN '2/2' THEN 'paused' WHEN '1/3' THEN 'drawing' WHEN '2/3' THEN 'benefit paused'
        WHEN '4/3' THEN 'ended' ELSE 'other' END
    ELSE CASE status
        WHEN '1' THEN 'paying' WHEN '3' THEN 'paused' WHEN '2' THEN 'drawing' WHEN '5' THEN 'benefit paused' WHEN '4' THEN 'ended'
        ELSE 'other' END END;
CREATE OR REPLACE TEMP TABLE roll_change AS
WITH before AS (
    SELECT delivery, roll_no, roll_no_sent, part, line, key, number, number_state, name, phonetic_key, birth, unit_code, identity, status,
        state_of($scheme, status) AS state, row_number() OVER (PARTITION BY roll_no ORDER BY delivery, line) AS place
    FROM roll_before
), after AS (
    SELECT delivery, roll_no, roll_no_sent, part, line, key, number, number_state, name, phonetic_key, unit_code, identity, status, state_of($scheme, status) AS state,
        row_number() OVER (PARTITION BY roll_no ORDER BY delivery, line) AS place,
        CASE WHEN $scheme = 'resident' THEN date_trunc('month', birth) + to_years($age_years) + INTERVAL 1 MONTH END AS due_month
    FROM roll_after
), numbered_line AS (
    SELECT b, a, a.roll_no IS NOT NULL AND b.roll_no IS NOT NULL AS is_in_both
    FROM before b FULL JOIN after a ON a.roll_no = b.roll_no AND a.place = b.place
    WHERE a.roll_no IS NULL OR b.roll_no IS NULL OR a.identity <> b.identity
       OR (a.status, a.number, a.number_state, a.name, a.unit_code)
          IS DISTINCT FROM (b.status, b.number, b.number_state, b.name, b.unit_code)
       OR a.due_month > $month_before AND a.due_month <= $month
), left_before AS (
    SELECT b, row_number() OVER (PARTITION BY b.key, b.phonetic_key ORDER BY b.delivery, b.part, b.line) AS nth
    FROM numbered_line WHERE a.roll_no IS NULL AND b.key IS NOT NULL
), left_after AS (
    SELECT a, row_number() OVER (PARTITION BY a.key, a.phonetic_key ORDER BY a.delivery, a.part, a.line) AS nth
    FROM numbered_line WHERE b.roll_no IS NULL AND a.key IS NOT NULL
), renumbered AS (
    SELECT b, a FROM left_before x JOIN left_after y ON y.a.key = x.b.key AND y.a.phonetic_key = x.b.phonetic_key AND y.nth = x.nth
), line AS (
    SELECT b, a, is_in_both, a.due_month > $month_before AND a.due_month <= $month AS comes_of_age
    FROM numbered_line
    WHERE is_in_both OR (b.roll_no IS NULL AND (a.delivery, a.part, a.line) NOT IN (SELECT (a.delivery, a.part, a.line) FROM renumbered))
        OR (a.roll_no IS NULL AND (b.delivery, b.part, b.line) NOT IN (SELECT (b.delivery, b.part, b.line) FROM renumbered))
    UNION ALL
    SELECT b, a, true, a.due_month > $month_before AND a.due_month <= $month FROM renumbered
), gone AS (
    SELECT b.roll_no, b.line, b.key, b.phonetic_key, b.birth FROM line WHERE a.roll_no IS NULL
), other_line AS (
    SELECT g.roll_no, g.line FROM gone g SEMI JOIN roll_after o ON o.key = g.key
    UNION
    SELECT g.roll_no, g.line FROM gone g SEMI JOIN roll_after o ON o.phonetic_key = g.phonetic_key AND o.birth = g.birth
), found AS (
    SELECT b, a, CASE
        WHEN b.roll_no IS NULL THEN 'new_row'
        WHEN a.roll_no IS NULL THEN CASE WHEN (b.roll_no, b.line) IN (FROM other_line) THEN 'duplicate_removed' ELSE 'gone_row' END
        WHEN a.state IN ('paying', 'paused') AND b.state IN ('paying', 'paused') AND comes_of_age THEN 'reached_60_not_drawing'
        END AS kind, '' AS before, '' AS after FROM line
    UNION ALL
    SELECT b, a, CASE
        WHEN a.state = 'ended' THEN 'terminated_death'
        WHEN b.state = 'paying' AND a.state = 'paused' THEN 'paused'
        WHEN b.state = 'paused' AND a.state = 'paying' THEN 'resumed'
        WHEN b.state = 'drawing' AND a.state = 'benefit paused' THEN 'benefit_paused'
        WHEN b.state = 'benefit paused' AND a.state = 'drawing' THEN 'benefit_resumed'
        WHEN b.state IN ('paying', 'paused') AND a.state = 'drawing' AND comes_of_age THEN 'reached_60_drawing'
        WHEN b.state IN ('paying', 'paused') AND a.state = 'drawing' AND a.due_month <= $month_before THEN 'late_start_drawing'
        ELSE 'other_status' END, b.status, a.status
    FROM line WHERE is_in_both AND a.status <> b.status
    UNION ALL
    SELECT b, a, CASE
        WHEN a.number_state <> 'ok' THEN 'new_error' WHEN b.number_state <> 'ok' THEN 'id_corrected' ELSE 'id_changed' END,
        b.number_state, a.number_state
    FROM line WHERE is_in_both AND (a.number, a.number_state) <> (b.number, b.number_state)
    UNION ALL
    SELECT b, a, CASE WHEN a.phonetic_key = b.phonetic_key THEN 'name_corrected' ELSE 'name_changed' END, b.name, a.name
    FROM line WHERE is_in_both AND a.name <> b.name
    UNION ALL
    SELECT b, a, 'identity_changed', b.identity, a.identity FROM line WHERE is_in_both AND a.identity <> b.identity
    UNION ALL
    SELECT b, a, 'moved', b.unit_code, a.unit_code FROM line WHERE is_in_both AND a.unit_code <> b.unit_code
)
SELECT kind, coalesce(a.roll_no, b.roll_no) AS roll_no, coalesce(a.roll_no_sent, b.roll_no_sent) AS roll_no_sent,
    coalesce(a.part, b.part) AS part, coalesce(a.line, b.line) AS line,
    before, after, a.roll_no IS NULL AS is_gone, coalesce(a.delivery, b.delivery) AS delivery
FROM found WHERE kind IS NOT NULL;
