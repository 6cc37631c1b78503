-- Inputs:  person_link(person_id, scheme, roll_no, roll_status, delivery_id, part, line, rule, action, comparison_vector),
--          hit(fact_id, person_id, rule, action), fact, report, death_report, death_source, ended_line, seen_alive, village_death
--          and village_seen (read_deaths.sql), person(person_id, found_alive_on, birth_date, schooling, school_delivery, school_sheet, school_row), portal(person_id, draws, rolls_since)
-- Output:  one row a person and thing found: person_id, kind, value, evidence_class, fact_ids, link_rows, report_ids
-- Rule:    a confirmed line of a roll; a fact of the same number and name. Deaths are classed as in roll_deaths.sql, and
--          one a reviewer found wrong is none; a survey answer counts when the verifier saw the person within the limit, not on
--          the word of a relative, and until a term known to have ended since. Whether somebody can be found the latest says: the
--          survey's answer or a village's report, within the same limit; on one day the report. An enrolment of our own counts like a line of the roll
--          until as many rolls as the region awaits have come; then the roll decides. Study, service and prison count from their first to
--          their last day. Whom the newest poverty file calls a pupil or student is one up to the age at which study is doubted, unless
--          the education list names the person: then it decides.
-- Source:  docs/rules.md R8, R13, R18, R49
SELECT person_id, scheme AS kind, roll_status AS value, '' AS evidence_class, []::BIGINT[] AS facts,
    list({'scheme': scheme, 'roll_no': roll_no, 'delivery': delivery_id, 'part': part, 'line': line, 'status': roll_status} ORDER BY roll_no, delivery_id, line) AS lines,
    []::BIGINT[] AS reports
FROM person_link
WHERE action = 'auto'
GROUP BY person_id, scheme, roll_status
UNION ALL
SELECT person_id, 'candidate', '', '', [],
    list({'scheme': scheme, 'roll_no': roll_no, 'delivery': delivery_id, 'part': part, 'line': line, 'status': roll_status} ORDER BY roll_no, delivery_id, line), []
FROM person_link
WHERE action = 'review'
GROUP BY person_id
UNION ALL
SELECT person_id, 'death', CASE WHEN is_day_stated THEN strftime(died_on, '%Y-%m-%d') ELSE '' END, evidence_class, facts,
    coalesce(list_sort(list_distinct(lines)), []), reports
FROM (
    SELECT d.person_id, bool_or(d.is_day_stated) AS is_day_stated,
        coalesce(max(d.died_on) FILTER (d.source = 'police'), max(d.died_on) FILTER (d.is_day_stated), max(d.died_on)) AS died_on,
        death_class(bool_or(is_certain(d.rule, d.source)), count(DISTINCT d.named_source) FILTER (d.rule = 'same_number')) AS evidence_class,
        list(DISTINCT d.fact_id ORDER BY d.fact_id) FILTER (d.fact_id IS NOT NULL) AS fact_ids,
        list(DISTINCT d.report_id ORDER BY d.report_id) FILTER (d.report_id IS NOT NULL) AS report_ids,
        coalesce(fact_ids, []) AS facts, coalesce(report_ids, []) AS reports,
        list({'scheme': e.scheme, 'roll_no': e.roll_no, 'delivery': e.delivery, 'part': e.part, 'line': e.line, 'status': e.status})
            FILTER (e.fact_id IS NOT NULL) AS lines
    FROM (
        SELECT r.*, NOT is_certain(r.rule, r.source) AND coalesce(is_seen_after(seen.seen_on, r.died_on), false) AS refuted
        FROM (
            SELECT h.person_id, h.rule, d.fact_id, NULL AS report_id, d.source, d.died_on, d.is_day_stated, s.source AS named_source
            FROM hit h JOIN death_report d USING (fact_id) LEFT JOIN death_source s USING (fact_id) WHERE h.action = 'auto'
            UNION ALL
            SELECT person_id, 'same_number', NULL, report_id, 'village', died_on, is_day_stated, CASE WHEN is_source_named THEN 'village' END
            FROM village_death
        ) r
        LEFT JOIN person p USING (person_id)
        LEFT JOIN (
            SELECT person_id, max(seen_on) AS seen_on FROM (
                SELECT h.person_id, s.seen_on FROM hit h JOIN seen_alive s USING (fact_id) WHERE h.action = 'auto'
                UNION ALL SELECT person_id, seen_on FROM village_seen
            ) GROUP BY person_id
        ) seen USING (person_id)
        WHERE p.found_alive_on IS NULL OR r.died_on > p.found_alive_on
        QUALIFY NOT refuted OR count(DISTINCT r.named_source) FILTER (refuted AND r.rule = 'same_number') OVER (PARTITION BY r.person_id) >= 2
    ) d
    LEFT JOIN ended_line e USING (fact_id)
    GROUP BY d.person_id
) death
UNION ALL
SELECT h.person_id, 'survey', f.answer, '', list(DISTINCT f.fact_id ORDER BY f.fact_id), [], []
FROM hit h JOIN fact f USING (fact_id)
LEFT JOIN (
    SELECT h.person_id, f.kind, max(f.valid_to) AS ended_on
    FROM hit h JOIN fact f USING (fact_id)
    WHERE h.action = 'auto' AND f.kind IN ('soldier', 'prison', 'student') AND f.valid_to < getvariable('as_of')
    GROUP BY h.person_id, f.kind
) over ON over.person_id = h.person_id AND over.kind = CASE f.answer WHEN 'prisoner' THEN 'prison' ELSE f.answer END
WHERE h.action = 'auto' AND f.kind = 'survey' AND f.verifier <> '' AND NOT f.second_hand
    AND f.event_date BETWEEN getvariable('as_of') - getvariable('survey_days')::INTEGER AND getvariable('as_of')
    AND (over.ended_on IS NULL OR over.ended_on < f.event_date)
    AND NOT (f.answer = 'not_found' AND EXISTS (SELECT 1 FROM whereabouts w WHERE w.person_id = h.person_id AND w.observed_on >= f.event_date))
GROUP BY h.person_id, f.answer
UNION ALL
SELECT w.person_id, 'report', w.kind, '', [], [], [w.report_id]
FROM whereabouts w
WHERE w.observed_on >= getvariable('as_of') - getvariable('survey_days')::INTEGER
    AND NOT EXISTS (SELECT 1 FROM hit h JOIN fact f USING (fact_id)
        WHERE h.person_id = w.person_id AND h.action = 'auto' AND f.kind = 'survey' AND f.verifier <> '' AND NOT f.second_hand
            AND f.event_date BETWEEN w.observed_on + 1 AND getvariable('as_of'))
UNION ALL
SELECT h.person_id, 'hukou_out', max(f.kind), '', list(DISTINCT f.fact_id ORDER BY f.fact_id), [], []
FROM hit h JOIN fact f USING (fact_id)
WHERE h.action = 'auto' AND f.kind IN ('hukou_out', 'hukou_cancelled') AND f.event_date <= getvariable('as_of')
    AND NOT (f.kind = 'hukou_out' AND contains(f.to_place, getvariable('county_name')))
GROUP BY h.person_id
UNION ALL
SELECT h.person_id, f.kind, '', '', list(DISTINCT f.fact_id ORDER BY f.fact_id), [], []
FROM hit h JOIN fact f USING (fact_id)
WHERE h.action = 'auto' AND f.kind IN ('soldier', 'prison', 'student')
    AND coalesce(f.valid_from, getvariable('as_of')) <= getvariable('as_of')
    AND coalesce(f.valid_to, getvariable('as_of')) >= getvariable('as_of')
GROUP BY h.person_id, f.kind
UNION ALL
SELECT p.person_id, 'student', 'listed', '', [],
    [{'scheme': 'poverty', 'roll_no': '', 'delivery': p.school_delivery, 'part': p.school_sheet, 'line': p.school_row, 'status': p.schooling}], []
FROM person p
WHERE p.schooling IN ('child', 'student')
    AND (p.birth_date IS NULL OR p.birth_date + to_years(getvariable('participation_age')::INTEGER) <= getvariable('as_of')
        AND p.birth_date + to_years(getvariable('student_age')::INTEGER + 1) > getvariable('as_of'))
    AND NOT EXISTS (SELECT 1 FROM hit h JOIN fact f USING (fact_id) WHERE h.person_id = p.person_id AND h.action = 'auto' AND f.kind = 'student')
UNION ALL
SELECT h.person_id, 'insured_elsewhere', f.scheme, '', list(DISTINCT f.fact_id ORDER BY f.fact_id), [], []
FROM hit h JOIN fact f USING (fact_id)
WHERE h.action = 'auto' AND f.kind = 'insured_elsewhere' AND f.status NOT IN ('ended', 'not_insured')
GROUP BY h.person_id, f.scheme
UNION ALL
SELECT o.person_id, CASE WHEN o.rolls_since < getvariable('rolls_awaited') THEN 'portal' ELSE 'not_on_roll' END,
    CASE WHEN o.draws THEN '1/3' ELSE '1/1' END, '', [], [], []
FROM portal o
LEFT JOIN (SELECT DISTINCT person_id FROM person_link WHERE scheme = 'resident' AND action = 'auto') l USING (person_id)
WHERE o.rolls_since < getvariable('rolls_awaited') OR l.person_id IS NULL
