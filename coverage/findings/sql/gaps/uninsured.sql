-- Kinds:   UNINSURED
-- Inputs:  verdict
-- Rule:    no scheme insures the person and nothing exempts them. A survey answer that the person declines closes no gap: only
--          the signed decision does. The reason determines who acts; undecided: a possible match is awaiting review, and
--          nobody is visited.
SELECT person_id, 'UNINSURED' AS kind, desk_reason AS reason FROM verdict WHERE verdict IN ('GAP', '2-011')
