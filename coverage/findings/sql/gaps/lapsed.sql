-- Kinds:   LAPSED
-- Inputs:  verdict
-- Rule:    insured here and contributing no more, below the age of drawing, in no other scheme and exempt from nothing. Counts as
--          insured, shown apart; at 60 DUE_NOT_DRAWING takes over. The reason states whether government owes the contribution.
-- Source:  docs/rules.md R24
SELECT person_id, 'LAPSED' AS kind, CASE WHEN pay_target THEN 'lapsed_paid_for' ELSE 'lapsed' END AS reason
FROM verdict
WHERE desk_reason = 'lapsed' AND e1_column = '9_resident' AND NOT due_to_draw
