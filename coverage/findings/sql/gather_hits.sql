-- Inputs:  person_hit(fact_id, person_id, rule, action), link(subject_id, snapshot, position, rule, action),
--          person_link(person_id, delivery_id, position, action)
-- Output:  hit(fact_id, person_id, rule, action): one row a fact and person
-- Rule:    facts matched to a person by the person's own numbers, and those with the right number and name of a roll line
--          confirmed as the person's.
CREATE TEMP TABLE hit AS
SELECT fact_id, person_id, rule, action FROM person_hit
UNION
SELECT -fact_link.subject_id, own.person_id, 'same_number', 'auto'
FROM link fact_link
JOIN person_link own ON own.delivery_id = fact_link.snapshot AND own.position = fact_link.position
WHERE fact_link.subject_id < 0 AND fact_link.action = 'auto' AND fact_link.rule IN ('same_number', 'same_number_close_name')
  AND own.action = 'auto'
