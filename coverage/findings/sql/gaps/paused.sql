-- Kinds:   PAUSED
-- Inputs:  verdict
-- Rule:    the roll pauses the benefit of a person whom nothing else keeps from drawing: not dead, in prison, or drawing elsewhere.
SELECT person_id, 'PAUSED' AS kind, 'paused' AS reason
FROM verdict
WHERE desk_reason = 'paused' AND e1_column = '9_resident' AND NOT drawing
