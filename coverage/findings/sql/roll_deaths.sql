-- Kinds:   DRAWING_AFTER_DEATH, STOP_DUE, CONTRIBUTING_AFTER_DEATH
-- Inputs:  roll_hit(fact_id, position, snapshot, rule, how_exact, ...), death_report, death_source, seen_alive (read_deaths.sql),
--          resident
-- Grain:   one row a resident roll line with a death
-- Rule:    class A: police or a funeral home with exact number and name, or two sources that agree on both; B: one other
--          source alone, or a number that had to be repaired, unless the village saw the person in a later month. The day that
--          counts: the police's, else the latest stated, else the day by which the village knew. Drawing in month M counts as paid
--          for M: dead before the month, money went to the dead; dead in the month, stop now.
-- Source:  docs/rules.md R18, R19
WITH hit AS (
    SELECT h.snapshot, h.position, d.*, h.rule IN ('same_number', 'same_number_close_name') AS exact
    FROM roll_hit h
    JOIN death_report d USING (fact_id)
    WHERE h.action = 'auto' AND h.scheme = 'resident'
), judged AS (
    SELECT snapshot, position,
        CASE WHEN bool_or(exact AND hit.source IN ('police', 'funeral'))
            OR count(DISTINCT s.source) FILTER (exact) >= 2 THEN 'A' ELSE 'B' END AS evidence_class,
        coalesce(max(died_on) FILTER (hit.source = 'police'), max(died_on) FILTER (is_day_stated), max(died_on)) AS death_date,
        list(DISTINCT fact_id ORDER BY fact_id) AS facts
    FROM hit
    LEFT JOIN death_source s USING (fact_id)
    GROUP BY snapshot, position
), seen AS (
    SELECT h.snapshot, h.position, max(s.seen_on) AS seen_on
    FROM roll_hit h JOIN seen_alive s USING (fact_id)
    WHERE h.action = 'auto' AND h.scheme = 'resident'
    GROUP BY h.snapshot, h.position
)
SELECT r.snapshot, r.position,
    CASE
        WHEN r.status <> '1/3' THEN 'CONTRIBUTING_AFTER_DEATH'
        WHEN date_trunc('month', death_date) < getvariable('as_of_month') THEN 'DRAWING_AFTER_DEATH'
        ELSE 'STOP_DUE' END AS kind,
    strftime(death_date, '%Y-%m-%d') AS reason, evidence_class, facts, NULL::VARCHAR AS other_line
FROM judged
JOIN resident r USING (snapshot, position)
LEFT JOIN seen USING (snapshot, position)
WHERE r.status IN ('1/3', '1/1', '2/2') AND NOT (evidence_class = 'B' AND coalesce(is_seen_after(seen_on, death_date), false))
