-- Kinds:   NEW_POOR
-- Inputs:  person(newly_poor), verdict
-- Rule:    who is on a list and was on none a list ago is insured, paid for or granted the benefit at once: one is added, one is
--          included. Gone with the next list, when the person is new no more; what is still missing stays under its own kind.
--          Not who is reported dead.
-- Source:  docs/rules.md R29
SELECT p.person_id, 'NEW_POOR' AS kind,
    CASE
        WHEN v.verdict IN ('GAP', '2-011') THEN 'to_be_insured'
        WHEN v.pay_target THEN 'to_be_paid_for'
        ELSE 'to_draw' END AS reason
FROM person p
JOIN verdict v USING (person_id)
WHERE p.newly_poor
    AND NOT v.is_reported_dead
    AND (v.verdict IN ('GAP', '2-011') OR v.pay_target OR v.e1_column = '9_resident' AND v.due_to_draw AND NOT v.drawing)
