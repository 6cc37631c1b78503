-- Inputs:  described: one row a link, with its score; $least, $most, $scored_rules
-- Output:  the same, of each subject's leads the best, ordered by subject, scheme, position
-- Rule:    what only the last step found is offered from the least score on: below it one in two hundred was right. Nobody
--          can weigh more than five leads of one person; which of them are likelier the score says.
SELECT * FROM described
WHERE score >= $least OR NOT list_contains($scored_rules, rule)
QUALIFY action = 'auto'
    OR row_number() OVER (PARTITION BY subject_id, action ORDER BY score DESC, scheme DESC, snapshot, position) <= $most
ORDER BY subject_id, scheme, position
