-- Inputs:  found: the links of facts to person_line (subject_id below zero: the fact; roll_no: the person); $rules, surest first
-- Output:  person_hit: 17, 15, 'same_number', 'auto'
-- Grain:   a fact and a person
-- Rule:    a person known under a right and under a damaged number is found by the surer of the two rules.
SELECT -subject_id AS fact_id, roll_no::BIGINT AS person_id, min_by(rule, place) AS rule, min_by(action, place) AS action
FROM (SELECT *, list_position($rules, rule) AS place FROM found) GROUP BY ALL ORDER BY ALL
