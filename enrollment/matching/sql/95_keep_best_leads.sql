-- Inputs:  described: one row a link; pattern_score(field_verdicts, score); $least, $most, $scored_rules
-- Output:  the same with its score, of each subject's leads the best, ordered by subject, scheme, position
-- Rule:    what only the last step found is offered from the least score on: below it one in two hundred was right. Nobody
--          can weigh more than five leads of one person; which of them are likelier the score says.
WITH best AS (
    SELECT subject_id, snapshot, position FROM described JOIN pattern_score USING (field_verdicts)
    WHERE action = 'review' AND (score >= $least OR NOT list_contains($scored_rules, rule))
    QUALIFY row_number() OVER (PARTITION BY subject_id ORDER BY score DESC, scheme DESC, snapshot, position) <= $most
)
SELECT described.*, score FROM described JOIN pattern_score USING (field_verdicts)
WHERE action = 'auto' OR (subject_id, snapshot, position) IN (SELECT (subject_id, snapshot, position) FROM best)
ORDER BY subject_id, scheme, position
