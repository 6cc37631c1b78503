-- Inputs:  number_pair, touched, subject_name, subject_birth(subject_id, stated_birth), name_change(key, before_sound, after_sound)
-- Output:  link rows (subject_id, scheme, snapshot, position, rule, action)
-- Rule:    the same right number confirms itself if the name sounds the same; or if the name is close (same surname, and a
--          given character of the same sound) and the file states, apart from the number, the very birth date; or if the
--          police list says that one name became the other. Otherwise a person decides: it may be a relative's number.
-- Source:  DESIGN.md 8 step 1; POLICY.md G27.
WITH other_name AS (
    SELECT p.subject_id, p.scheme, p.snapshot, p.position,
        bool_or(
            named.sound[1] = t.sound[1] AND length(t.sound) > 1
            AND len(list_intersect(string_split(named.sound[2:], ''), string_split(t.sound[2:], ''))) > 0
            AND born.stated_birth = t.birth
        ) AS close_and_dated,
        bool_or(
            (changed.before_sound = t.sound AND changed.after_sound = named.sound)
            OR (changed.after_sound = t.sound AND changed.before_sound = named.sound)
        ) AS renamed
    FROM number_pair p
    JOIN touched t USING (scheme, snapshot, position)
    JOIN subject_name named USING (subject_id)
    LEFT JOIN subject_birth born USING (subject_id)
    LEFT JOIN name_change changed ON changed.key = t.key
    WHERE NOT p.sound_same AND p.how = 'stated'
    GROUP BY ALL
)
SELECT p.subject_id, p.scheme, p.snapshot, p.position,
    CASE
        WHEN p.sound_same AND p.how = 'repaired' THEN 'repaired_file_number'
        WHEN p.sound_same THEN 'same_number'
        WHEN o.renamed THEN 'same_number_former_name'
        WHEN o.close_and_dated THEN 'same_number_close_name'
        ELSE 'number_of_another'
    END AS rule,
    CASE WHEN p.sound_same OR o.renamed OR o.close_and_dated THEN 'auto' ELSE 'review' END AS action
FROM number_pair p
LEFT JOIN other_name o USING (subject_id, scheme, snapshot, position)
WHERE p.sound_same OR p.how = 'stated'
