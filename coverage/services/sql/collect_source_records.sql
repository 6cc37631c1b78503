-- Inputs:  registry_personname, registry_personidentifier, registry_designation, registry_deliveredrow, person_alias_at();
--          ids: the persons, at: the moment of the decision
-- Output:  what the files state of each person and of those merged into them:
--          15, '["张三"]', '[4711]', '[{"feed": "poverty", "delivery": 3, "sheet": "如皋", "row": 12}]'
-- Grain:   a person asked for
-- Rule:    current names and numbers, and the file rows of the designations in force.
WITH member AS (
    SELECT id AS canonical_id, id AS person_id FROM unnest(%(ids)s::bigint[]) id
    UNION SELECT canonical_id, person_id FROM person_alias_at(%(at)s) WHERE canonical_id = ANY(%(ids)s)
)
SELECT m.canonical_id,
    (SELECT coalesce(json_agg(DISTINCT n.name ORDER BY n.name), '[]') FROM registry_personname n
     JOIN member s ON s.person_id = n.person_id
     WHERE s.canonical_id = m.canonical_id AND n.superseded_at IS NULL),
    (SELECT coalesce(json_agg(DISTINCT i.number_id ORDER BY i.number_id), '[]') FROM registry_personidentifier i
     JOIN member s ON s.person_id = i.person_id
     WHERE s.canonical_id = m.canonical_id AND i.superseded_at IS NULL),
    (SELECT coalesce(json_agg(json_build_object('feed', d.kind, 'delivery', r.delivery_id, 'sheet', r.sheet, 'row', r.row)
            ORDER BY d.kind, d.id), '[]')
     FROM registry_designation d JOIN registry_deliveredrow r ON r.id = d.row_id JOIN member s ON s.person_id = d.person_id
     WHERE s.canonical_id = m.canonical_id AND d.superseded_at IS NULL AND d.valid_to IS NULL)
FROM (SELECT DISTINCT canonical_id FROM member) m
