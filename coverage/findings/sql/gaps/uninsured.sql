-- Kinds:   UNINSURED, DEATH_TO_VERIFY
-- Inputs:  verdict
-- Rule:    no scheme insures the person and nothing exempts them. A survey answer that the person declines closes no gap: only
--          the signed decision does. The reason determines who acts; undecided: a possible match is awaiting review, and
--          nobody is visited. Whom one source reports dead is verified by the village first, and not proposed for enrolment.
-- Source:  docs/rules.md R14, R18
SELECT person_id, CASE desk_reason WHEN 'death_to_verify' THEN 'DEATH_TO_VERIFY' ELSE 'UNINSURED' END AS kind, desk_reason AS reason
FROM verdict WHERE verdict IN ('GAP', '2-011')
