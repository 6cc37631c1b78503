-- Kinds:   UNINSURED, DEATH_TO_VERIFY, NOT_ON_ROLL
-- Inputs:  verdict
-- Rule:    no scheme insures the person and nothing exempts them. A survey answer that the person declines closes no gap: only
--          the signed decision does. The reason determines who acts; undecided: a possible match is awaiting review, and
--          nobody is visited. Whom one source reports dead is verified by the village first, and not proposed for enrolment. Who was enrolled here and is on no later roll is the agency's to
--          enter, not anew the township's.
-- Source:  docs/rules.md R14, R18, R49
SELECT person_id, CASE desk_reason WHEN 'death_to_verify' THEN 'DEATH_TO_VERIFY' WHEN 'not_on_roll' THEN 'NOT_ON_ROLL' ELSE 'UNINSURED' END AS kind, desk_reason AS reason
FROM verdict WHERE verdict IN ('GAP', '2-011')
