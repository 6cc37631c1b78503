-- Inputs:  described: one row a link; pattern_score(number, rarity, name, birth, village, field_verdicts, score); line; $least,
--          $most, $scored_rules
-- Output:  links with the line's own words, verdicts and score, of each subject's leads the best, ordered by subject, scheme, position
-- Rule:    what only the last step found is offered from the least score on: below it one in two hundred was right. Nobody
--          can weigh more than five leads of one person; which of them are likelier the score says.
WITH best AS (
    SELECT subject_id, snapshot, position FROM described JOIN pattern_score USING (number, rarity, name, birth, village)
    WHERE action = 'review' AND (score >= $least OR NOT list_contains($scored_rules, rule))
    QUALIFY row_number() OVER (PARTITION BY subject_id ORDER BY score DESC, scheme DESC, snapshot, position) <= $most
)
SELECT d.subject_id, d.scheme, d.snapshot, d.position, d.rule, d.action, t.part, t.line, t.roll_no, t.name AS roll_name,
    t.status AS roll_status, t.birth AS roll_birth, t.unit_code AS roll_unit_code, t.key AS roll_key, p.field_verdicts, p.score
FROM described d
JOIN pattern_score p USING (number, rarity, name, birth, village)
JOIN line t ON t.snapshot = d.snapshot AND t.position = d.position
WHERE d.action = 'auto' OR (d.subject_id, d.snapshot, d.position) IN (SELECT (subject_id, snapshot, position) FROM best)
ORDER BY d.subject_id, d.scheme, d.position
