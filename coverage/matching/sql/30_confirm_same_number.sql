-- Inputs:  number_pair, number_block, subject_name, subject_birth(subject_id, stated_birth), name_change(key, before_phonetic_key, after_phonetic_key)
-- Output:  link rows (subject_id, scheme, snapshot, position, rule, action)
-- Rule:    the same right number is confirmed if the phonetic keys of the names agree; or if the name is close (same surname, and a
--          given character with the same phonetic key) and the file states, apart from the number, the same birth date; or if
--          the police list states that one name became the other; or if one character of a name could not be typed (〓) and all
--          others, at least two, agree in their places. Otherwise clerical review: it may be a relative's number.
-- Source:  docs/rules.md R4; docs/matching.md#steps
WITH other_name AS (
    SELECT p.subject_id, p.scheme, p.snapshot, p.position,
        bool_or(
            named.phonetic_key[1] = t.phonetic_key[1] AND length(t.phonetic_key) > 1
            AND len(list_intersect(string_split(named.phonetic_key[2:], ''), string_split(t.phonetic_key[2:], ''))) > 0
            AND born.stated_birth = t.birth
        ) AS close_and_dated,
        bool_or(
            (changed.before_phonetic_key = t.phonetic_key AND changed.after_phonetic_key = named.phonetic_key)
            OR (changed.after_phonetic_key = t.phonetic_key AND changed.before_phonetic_key = named.phonetic_key)
        ) AS renamed,
        bool_or(
            fits_but_lost(named.phonetic_key, t.phonetic_key) OR fits_but_lost(t.phonetic_key, named.phonetic_key)
        ) AS lost_character
    FROM number_pair p
    JOIN number_block t USING (scheme, snapshot, position)
    JOIN subject_name named USING (subject_id)
    LEFT JOIN subject_birth born USING (subject_id)
    LEFT JOIN name_change changed ON changed.key = t.key
    WHERE NOT p.same_phonetic_key AND p.how = 'stated'
    GROUP BY ALL
)
SELECT p.subject_id, p.scheme, p.snapshot, p.position,
    CASE
        WHEN p.same_phonetic_key AND p.how = 'repaired' THEN 'repaired_file_number'
        WHEN p.same_phonetic_key THEN 'same_number'
        WHEN o.renamed THEN 'same_number_former_name'
        WHEN o.close_and_dated THEN 'same_number_close_name'
        WHEN o.lost_character THEN 'same_number_lost_character'
        ELSE 'number_of_another'
    END AS rule,
    CASE WHEN p.same_phonetic_key OR o.renamed OR o.close_and_dated OR o.lost_character THEN 'auto' ELSE 'review' END AS action
FROM number_pair p
LEFT JOIN other_name o USING (subject_id, scheme, snapshot, position)
WHERE p.same_phonetic_key OR p.how = 'stated'
