-- Inputs:  {rows} (services/applying.py); registry_personidentifier, registry_personname; at: the moment of the application
-- Output:  rows of registry_personidentifier and registry_personname
-- Grain:   one row a person and number, and one a person and name, that is not recorded yet
INSERT INTO registry_personidentifier (person_id, number_id, state, recorded_at)
SELECT DISTINCT ON (s.person_id, s.number_id) s.person_id, s.number_id, s.number_state, %(at)s
FROM {rows} s WHERE s.number_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM registry_personidentifier i
    WHERE i.person_id = s.person_id AND i.number_id = s.number_id AND i.superseded_at IS NULL)
ORDER BY s.person_id, s.number_id, s.id;
INSERT INTO registry_personname (person_id, name, recorded_at)
SELECT DISTINCT s.person_id, s.name, %(at)s
FROM {rows} s WHERE NOT EXISTS (
    SELECT 1 FROM registry_personname n
    WHERE n.person_id = s.person_id AND n.name = s.name AND n.superseded_at IS NULL);
