-- Inputs:  registry_mergeproposal; county
-- Output:  the possible duplicates not decided yet: 15, 23, 'same_number_other_name'
-- Grain:   a pair of persons
SELECT m.person_a_id AS person_id_a, m.person_b_id AS person_id_b, m.reason
FROM registry_mergeproposal m WHERE m.county_id = %(county)s AND m.state = 'open'
ORDER BY m.person_a_id, m.person_b_id
