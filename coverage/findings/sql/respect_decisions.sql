-- Inputs:  found (links of this night, as match() returns them), decision(person_id, scheme, roll_no, delivery_id, part, line,
--          decision, rule, comparison_vector, score, model_version, roll_name, roll_birth, roll_unit_code, person_names),
--          person_variant(subject_id, name), roll
-- Output:  the links with clerks' decisions applied, and `changed`: the codes of what has changed since the decision
-- Rule:    the same: confirmed as long as the line's name or its birth date is still the one decided on, even when no step
--          proposes it any more; other possible matches on the same roll are dropped. Not the same: dropped, unless the
--          evidence changed; the rarity of a name is no evidence of the pair, and comparison vectors of another model are not
--          compared. Links a rule confirms need no decision.
-- Source:  docs/rules.md R31; docs/matching.md#decisions
WITH named AS (
    SELECT subject_id AS person_id, list(DISTINCT name) AS names FROM person_variant GROUP BY ALL
), compared AS (
    SELECT f.*, d.decision,
        coalesce(f.roll_name = d.roll_name OR f.roll_birth = d.roll_birth, false) AS same_line,
        concat_ws(' ',
            CASE WHEN f.rule <> d.rule THEN 'rule' END,
            CASE WHEN d.model_version = getvariable('model_version')
                AND regexp_replace(f.comparison_vector, ';rarity=[^;]*', '') <> regexp_replace(d.comparison_vector, ';rarity=[^;]*', '')
                THEN 'fields' END,
            CASE WHEN f.roll_name IS DISTINCT FROM d.roll_name THEN 'roll_name' END,
            CASE WHEN f.roll_birth IS DISTINCT FROM d.roll_birth THEN 'roll_birth' END,
            CASE WHEN coalesce(f.roll_unit_code, '') <> d.roll_unit_code THEN 'roll_unit' END,
            CASE WHEN NOT list_has_all(from_json(d.person_names, '["VARCHAR"]'), n.names) THEN 'names' END
        ) AS differences
    FROM found f
    LEFT JOIN decision d ON d.person_id = f.subject_id AND d.scheme = f.scheme AND d.roll_no = f.roll_no AND f.action = 'review'
        AND (f.roll_no <> '' OR (d.delivery_id, d.part, d.line) = (f.snapshot, f.part, f.line))
    LEFT JOIN named n ON n.person_id = f.subject_id
), respected AS (
    SELECT * EXCLUDE (decision, same_line, differences) REPLACE (
            CASE WHEN decision = 'same' AND same_line THEN 'decided_same' ELSE rule END AS rule,
            CASE WHEN decision = 'same' AND same_line THEN 'auto' ELSE action END AS action
        ),
        CASE WHEN decision IS NULL OR decision = 'same' AND same_line THEN '' ELSE differences END AS changed
    FROM compared
    WHERE NOT (decision IS NOT DISTINCT FROM 'not_same' AND differences = '')
    UNION ALL BY NAME
    SELECT d.person_id AS subject_id, roll.scheme, roll.snapshot, roll.position, 'decided_same' AS rule, 'auto' AS action,
        roll.part, roll.line, roll.roll_no, roll.name AS roll_name, roll.status AS roll_status, roll.birth AS roll_birth,
        roll.unit_code AS roll_unit_code, roll.key AS roll_key, d.comparison_vector, d.score, '' AS changed
    FROM roll JOIN decision d ON d.scheme = roll.scheme AND d.roll_no = roll.roll_no
    WHERE d.decision = 'same' AND (d.roll_no <> '' OR (d.delivery_id, d.part, d.line) = (roll.snapshot, roll.part, roll.line))
        AND (roll.name = d.roll_name OR roll.birth = d.roll_birth)
        AND d.person_id IN (SELECT person_id FROM named)
        AND NOT EXISTS (SELECT 1 FROM found f WHERE f.subject_id = d.person_id AND f.snapshot = roll.snapshot
                        AND f.position = roll.position)
)
SELECT r.*
FROM respected r
WHERE r.action = 'auto' OR r.rule = 'number_of_another'
    OR NOT EXISTS (SELECT 1 FROM respected s WHERE s.rule = 'decided_same' AND s.subject_id = r.subject_id AND s.scheme = r.scheme)
ORDER BY r.subject_id, r.scheme, r.snapshot, r.position
