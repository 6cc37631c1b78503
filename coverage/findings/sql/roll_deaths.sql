-- Kinds:   DRAWING_AFTER_DEATH, STOP_DUE, CONTRIBUTING_AFTER_DEATH
-- Inputs:  roll_hit(fact_id, position, snapshot, rule, how_exact, ...), link (persons' confirmed lines), resident, death_report,
--          death_source, seen_alive, village_death and village_seen (read_deaths.sql), person(person_id, found_alive_on)
-- Grain:   one row a resident roll line with a death
-- Rule:    class A: police or a funeral home with exact number and name, or two sources that agree on both; B: one other
--          source alone, or a number that had to be repaired, unless the village saw the person in a later month. A village's
--          report is a source on the confirmed lines of the person it names. On the confirmed lines of a person whom a reviewer
--          found alive, reports of a death up to the day of that evidence count for nothing. The day that counts: the police's,
--          else the latest stated, else the day by which the village knew. Drawing in month M counts as paid for M: dead before
--          the month, money went to the dead; dead in the month, stop now.
-- Source:  docs/rules.md R18, R19
WITH hit AS (
    SELECT h.snapshot, h.position, d.fact_id, NULL AS report_id, d.source, d.died_on, d.is_day_stated, s.source AS named_source,
        h.rule
    FROM roll_hit h
    JOIN death_report d USING (fact_id)
    LEFT JOIN death_source s USING (fact_id)
    WHERE h.action = 'auto' AND h.scheme = 'resident'
    UNION ALL
    SELECT own.snapshot, own.position, NULL, v.report_id, 'village', v.died_on, v.is_day_stated,
        CASE WHEN v.is_source_named THEN 'village' END,
        own.rule
    FROM link own JOIN village_death v ON v.person_id = own.subject_id
    WHERE own.action = 'auto' AND own.scheme = 'resident'
), alive AS (
    SELECT own.snapshot, own.position, max(p.found_alive_on) AS found_on
    FROM link own JOIN person p ON p.person_id = own.subject_id
    WHERE own.action = 'auto' AND own.scheme = 'resident' AND p.found_alive_on IS NOT NULL
    GROUP BY own.snapshot, own.position
), seen AS (
    SELECT snapshot, position, max(seen_on) AS seen_on FROM (
        SELECT h.snapshot, h.position, s.seen_on
        FROM roll_hit h JOIN seen_alive s USING (fact_id)
        WHERE h.action = 'auto' AND h.scheme = 'resident'
        UNION ALL
        SELECT own.snapshot, own.position, v.seen_on
        FROM link own JOIN village_seen v ON v.person_id = own.subject_id
        WHERE own.action = 'auto' AND own.scheme = 'resident'
    )
    GROUP BY snapshot, position
), counted AS (
    SELECT hit.*, NOT is_certain(rule, source) AND coalesce(is_seen_after(seen.seen_on, died_on), false) AS refuted
    FROM hit
    LEFT JOIN alive USING (snapshot, position)
    LEFT JOIN seen USING (snapshot, position)
    WHERE alive.found_on IS NULL OR hit.died_on > alive.found_on
    QUALIFY NOT refuted OR count(DISTINCT named_source) FILTER (refuted AND rule = 'same_number') OVER (PARTITION BY snapshot, position) >= 2
), judged AS (
    SELECT snapshot, position,
        death_class(bool_or(is_certain(rule, source)), count(DISTINCT named_source) FILTER (rule = 'same_number')) AS evidence_class,
        coalesce(max(died_on) FILTER (source = 'police'), max(died_on) FILTER (is_day_stated), max(died_on)) AS death_date,
        coalesce(list(DISTINCT fact_id ORDER BY fact_id) FILTER (fact_id IS NOT NULL), []) AS facts,
        coalesce(list(DISTINCT report_id ORDER BY report_id) FILTER (report_id IS NOT NULL), []) AS reports
    FROM counted
    GROUP BY snapshot, position
)
SELECT r.snapshot, r.position,
    CASE
        WHEN r.status <> '1/3' THEN 'CONTRIBUTING_AFTER_DEATH'
        WHEN date_trunc('month', death_date) < getvariable('as_of_month') THEN 'DRAWING_AFTER_DEATH'
        ELSE 'STOP_DUE' END AS kind,
    strftime(death_date, '%Y-%m-%d') AS reason, evidence_class, facts, reports, NULL::VARCHAR AS other_line
FROM judged
JOIN resident r USING (snapshot, position)
WHERE r.status IN ('1/3', '1/1', '2/2')
