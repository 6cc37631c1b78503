-- Kinds:   UNINSURED
-- Inputs:  verdict
-- Rule:    no scheme holds the person and nothing exempts them. A survey answer of no wish to enrol closes no gap: only the
--          signed decision does. The reason says who acts; undecided means a candidate waits and nobody is visited.
SELECT person_id, 'UNINSURED' AS kind, desk_reason AS reason FROM verdict WHERE verdict IN ('GAP', '2-011')
