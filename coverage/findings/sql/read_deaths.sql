-- Inputs:  fact, report, link(subject_id, snapshot, position, rule, action, ...), roll(snapshot, position, status, death_source)
-- Output:  the relations roll_deaths.sql and person_findings.sql read:
--          death_report(fact_id, source, died_on, is_day_stated, is_source_named)   one row a fact that states a death
--          ended_line(fact_id, source, scheme, roll_no, delivery, part, line, status)
--              one row a report, a roll's line of the same number and name ended for death, and on whose report it was ended
--          death_source(fact_id, source)                                            one row a report and source that states the death
--          seen_alive(fact_id, seen_on)                                             one row an answer only the living give
--          village_death(report_id, person_id, died_on, is_day_stated, is_source_named)  one row a village's report of a death
--          village_seen(person_id, seen_on)                                         one row a person the village saw
--          whereabouts(person_id, report_id, kind, observed_on)                     one row a person: the latest report of where they are
-- Rule:    a village's report names the person, whatever the number. What its reporter saw, or saw a document of, is a named source
--          of its own, the same as the survey's answer, once somebody else accepted it at the office; hearsay never is the second of
--          two. Without a day: dead by the day it was heard. The village is one source: of its reports the one best known counts,
--          then the newest, and none when it saw the person since. That somebody was seen counts unless others said so.
--          A village's answer "dead" is a report as any other, but states the day of the answer: dead by then. A source that is not
--          named, or told by somebody who did not verify it, is never the second of two. An ended line is no report, but a
--          second source where the roll says who reported the death, and that is another. Declined, abroad, studying, serving and
--          imprisoned are answers about the living, where somebody verified them. A report of a death after which the person was
--          seen in a later month is refuted, unless it is certain (police or a funeral home with the number and the name) or two
--          sources agree on it.
-- Source:  docs/rules.md R13, R18
CREATE TEMP VIEW death_report AS
    SELECT fact_id, source, event_date AS died_on, true AS is_day_stated, source NOT IN ('', 'unknown') AS is_source_named
    FROM fact WHERE kind = 'death' AND event_date <= getvariable('as_of')
    UNION ALL
    SELECT fact_id, 'village', coalesce(event_date, getvariable('as_of')), false, verifier <> '' AND NOT second_hand
    FROM fact WHERE kind = 'survey' AND answer = 'dead' AND coalesce(event_date, getvariable('as_of')) <= getvariable('as_of');
CREATE TEMP TABLE ended_line AS
    SELECT DISTINCT d.fact_id, unnest(string_split(r.death_source, ' ')) AS source, l.scheme, l.roll_no, l.snapshot AS delivery, l.part, l.line,
        l.roll_status AS status
    FROM link l
    JOIN death_report d ON d.fact_id = -l.subject_id
    JOIN roll r ON r.snapshot = l.snapshot AND r.position = l.position
    WHERE l.action = 'auto' AND l.rule IN ('same_number', 'same_number_close_name') AND r.death_source <> '';
CREATE TEMP VIEW death_source AS
    SELECT fact_id, source FROM death_report WHERE is_source_named
    UNION
    SELECT fact_id, source FROM ended_line;
CREATE TEMP VIEW seen_alive AS
    SELECT fact_id, event_date AS seen_on
    FROM fact WHERE kind = 'survey' AND answer IN ('declined', 'abroad', 'student', 'soldier', 'prisoner')
        AND verifier <> '' AND NOT second_hand AND event_date <= getvariable('as_of');
CREATE TEMP VIEW village_seen AS
    SELECT person_id, max(observed_on) AS seen_on FROM report WHERE kind IN ('found', 'declines') AND NOT is_hearsay GROUP BY person_id;
CREATE TEMP VIEW village_death AS
    SELECT report_id, person_id, coalesce(died_on, observed_on) AS died_on, died_on IS NOT NULL AS is_day_stated,
        is_first_hand AND is_accepted AS is_source_named
    FROM report LEFT JOIN village_seen s USING (person_id)
    WHERE kind = 'died' AND coalesce(died_on, observed_on) <= getvariable('as_of') AND (s.seen_on IS NULL OR s.seen_on <= observed_on)
    QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY is_first_hand DESC, observed_on DESC, report_id DESC) = 1;
CREATE TEMP VIEW whereabouts AS
    SELECT person_id, report_id, kind, observed_on FROM report
    WHERE kind IN ('found', 'cannot_be_found', 'moved_away', 'works_elsewhere', 'declines')
    QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY observed_on DESC, report_id DESC) = 1;
CREATE TEMP MACRO is_seen_after(seen_on, died_on) AS date_trunc('month', seen_on) > date_trunc('month', died_on);
CREATE TEMP MACRO is_certain(rule, source) AS rule IN ('same_number', 'same_number_close_name') AND source IN ('police', 'funeral');
CREATE TEMP MACRO death_class(certain, sources) AS CASE WHEN certain OR sources >= 2 THEN 'A' ELSE 'B' END;
