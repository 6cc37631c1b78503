-- Inputs:  person_link(person_id, scheme, roll_no, roll_status, delivery_id, part, line, rule, action, comparison_vector),
--          hit(fact_id, person_id, rule, action), fact
-- Output:  one row a person and thing found: person_id, kind, value, evidence_class, fact_ids, link_rows
-- Rule:    a confirmed line of a roll; a fact of the same number and name. Deaths are classed as in roll_deaths.sql; a
--          survey answer counts when the verifier saw the person within the limit, not on the word of a relative.
SELECT person_id, scheme AS kind, roll_status AS value, '' AS evidence_class, []::BIGINT[] AS facts,
    list({'scheme': scheme, 'roll_no': roll_no, 'delivery': delivery_id, 'part': part, 'line': line, 'status': roll_status} ORDER BY roll_no, delivery_id, line) AS lines
FROM person_link
WHERE action = 'auto'
GROUP BY person_id, scheme, roll_status
UNION ALL
SELECT person_id, 'candidate', '', '', [],
    list({'scheme': scheme, 'roll_no': roll_no, 'delivery': delivery_id, 'part': part, 'line': line, 'status': roll_status} ORDER BY roll_no, delivery_id, line)
FROM person_link
WHERE action = 'review'
GROUP BY person_id
UNION ALL
SELECT h.person_id, 'death', strftime(coalesce(max(f.event_date) FILTER (f.source = 'police'), max(f.event_date)), '%Y-%m-%d'),
    CASE
        WHEN bool_or(h.rule IN ('same_number', 'same_number_close_name') AND f.source IN ('police', 'funeral'))
            OR count(DISTINCT f.source) FILTER (h.rule = 'same_number') >= 2 THEN 'A'
        ELSE 'B' END,
    list(DISTINCT f.fact_id ORDER BY f.fact_id), []
FROM hit h JOIN fact f USING (fact_id)
WHERE h.action = 'auto' AND f.kind = 'death' AND f.event_date <= getvariable('as_of')
GROUP BY h.person_id
UNION ALL
SELECT h.person_id, 'survey', f.answer, '', list(DISTINCT f.fact_id ORDER BY f.fact_id), []
FROM hit h JOIN fact f USING (fact_id)
WHERE h.action = 'auto' AND f.kind = 'survey' AND f.verifier <> '' AND NOT f.second_hand
    AND f.event_date BETWEEN getvariable('as_of') - getvariable('survey_days')::INTEGER AND getvariable('as_of')
GROUP BY h.person_id, f.answer
UNION ALL
SELECT h.person_id, 'hukou_out', max(f.kind), '', list(DISTINCT f.fact_id ORDER BY f.fact_id), []
FROM hit h JOIN fact f USING (fact_id)
WHERE h.action = 'auto' AND f.kind IN ('hukou_out', 'hukou_cancelled') AND f.event_date <= getvariable('as_of')
    AND NOT (f.kind = 'hukou_out' AND contains(f.to_place, getvariable('county_name')))
GROUP BY h.person_id
UNION ALL
SELECT h.person_id, f.kind, '', '', list(DISTINCT f.fact_id ORDER BY f.fact_id), []
FROM hit h JOIN fact f USING (fact_id)
WHERE h.action = 'auto' AND f.kind IN ('soldier', 'prison', 'student')
    AND coalesce(f.valid_from, getvariable('as_of')) <= getvariable('as_of')
    AND (f.kind = 'student' OR coalesce(f.valid_to, getvariable('as_of')) >= getvariable('as_of'))
GROUP BY h.person_id, f.kind
UNION ALL
SELECT h.person_id, 'insured_elsewhere', f.scheme, '', list(DISTINCT f.fact_id ORDER BY f.fact_id), []
FROM hit h JOIN fact f USING (fact_id)
WHERE h.action = 'auto' AND f.kind = 'insured_elsewhere' AND f.status NOT IN ('ended', 'not_insured')
GROUP BY h.person_id, f.scheme
