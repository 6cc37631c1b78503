-- Inputs:  described: one row a link; vector_score(vector_id, number, rarity, name, birth, village, score); $least, $most,
--          $scored_rules
-- Output:  links with their vector_id and score; of a subject's possible matches the best only; ordered by subject, scheme, line
-- Rule:    what only step 70 found is proposed from the least score on: below it one in two hundred was right. A person whose
--          number is on the roll under another name may have been given a relative's: then a differing number and birth date do
--          not contradict the line of that name in the village, and it is proposed whatever its score. A clerk cannot compare
--          more than five possible matches of one person; the score orders them.
WITH number_of_another AS (
    SELECT subject_id FROM described WHERE rule = 'number_of_another'
), best AS (
    SELECT subject_id, snapshot, position FROM described JOIN vector_score USING (number, rarity, name, birth, village)
    WHERE action = 'review' AND (score >= $least OR NOT list_contains($scored_rules, rule)
        OR (rule = 'name_village_other_number' AND subject_id IN (FROM number_of_another)))
    QUALIFY row_number() OVER (PARTITION BY subject_id ORDER BY score DESC, scheme DESC, snapshot, position) <= $most
)
SELECT d.subject_id, d.scheme, d.snapshot, d.position, d.rule, d.action, d.place, s.vector_id, s.score
FROM described d
JOIN vector_score s USING (number, rarity, name, birth, village)
WHERE d.action = 'auto' OR (d.subject_id, d.snapshot, d.position) IN (SELECT (subject_id, snapshot, position) FROM best)
ORDER BY d.subject_id, d.scheme, d.snapshot, d.position
