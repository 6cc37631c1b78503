-- Inputs:  the tables the eligibility of persons is read from; county
-- Output:  one row: how many of each value the conditions rest on
-- Rule:    the same rows joined once each, with nothing decided: what reading them costs.
SELECT count(p.birth_date), count(v.birth_date), count(d.kind), count(d.status), count(d.hukou_text), count(f.kind), count(f.evidence),
    count(i.number_id), count(fact.detail), count(e.draws), count(a.kind), count(y.years), count(t.id)
FROM registry_person p
LEFT JOIN coverage_coverageverdict v ON v.person_id = p.id AND v.superseded_at IS NULL
LEFT JOIN registry_designation d ON d.person_id = p.id AND d.superseded_at IS NULL
LEFT JOIN coverage_finding f ON f.person_id = p.id AND f.superseded_at IS NULL
LEFT JOIN registry_personidentifier i ON i.person_id = p.id AND i.superseded_at IS NULL
LEFT JOIN registry_fact fact ON fact.number_id = i.number_id AND fact.kind IN ('disability', 'hukou_in') AND fact.superseded_at IS NULL
LEFT JOIN enrollment_enrollment e ON e.person_id = p.id AND e.superseded_at IS NULL
LEFT JOIN enrollment_application a ON a.person_id = p.id AND a.state = 'effective'
LEFT JOIN enrollment_contributionyears y ON y.person_id = p.id AND y.superseded_at IS NULL
LEFT JOIN enrollment_temporaryidentity t ON t.person_id = p.id AND t.replaced_at IS NULL
WHERE p.county_id = %(county)s
