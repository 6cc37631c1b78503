-- Inputs:  described: one row a link; pattern_score(pattern, number, rarity, name, birth, village, score); $least, $most,
--          $scored_rules
-- Output:  links with the pattern of their verdicts and score, of each subject's leads the best, ordered by subject, scheme, line
-- Rule:    what only the last step found is offered from the least score on: below it one in two hundred was right. Whose number
--          stands on the roll under another name may have a relative's: then other number and birth date say nothing against the
--          line of that name in the village, and it is offered whatever its score. Nobody can weigh more than five leads of one
--          person; which of them are likelier the score says.
WITH number_doubted AS (
    SELECT subject_id FROM described WHERE rule = 'number_of_another'
), best AS (
    SELECT subject_id, snapshot, position FROM described JOIN pattern_score USING (number, rarity, name, birth, village)
    WHERE action = 'review' AND (score >= $least OR NOT list_contains($scored_rules, rule)
        OR (rule = 'name_village_other_number' AND subject_id IN (FROM number_doubted)))
    QUALIFY row_number() OVER (PARTITION BY subject_id ORDER BY score DESC, scheme DESC, snapshot, position) <= $most
)
SELECT d.subject_id, d.scheme, d.snapshot, d.position, d.rule, d.action, d.place, p.pattern, p.score
FROM described d
JOIN pattern_score p USING (number, rarity, name, birth, village)
WHERE d.action = 'auto' OR (d.subject_id, d.snapshot, d.position) IN (SELECT (subject_id, snapshot, position) FROM best)
ORDER BY d.subject_id, d.scheme, d.snapshot, d.position
