-- Inputs:  variant(subject_id, name, plain, phonetic_key, number, key, number_birth, stated_birth, village, is_only_variant),
--          variant_repair(subject_id, phonetic_key, key), police_change(key, phonetic_key, before_phonetic_key,
--          after_phonetic_key, old_key, new_key)
-- Output:  the relations by which the steps look subjects up:
--          name_change(key, before_phonetic_key, after_phonetic_key)         one row a change of name the police list states
--          number_change(old_key, new_key, phonetic_key)                     one row a change of number it states
--          dated_variant: variant with birth, of a right number, else as stated, else as read from a damaged number
--          subject_name(subject_id, phonetic_key, plain, name)               one row a subject and name
--          subject_key(subject_id, key, how, is_only_variant)                one row a subject and number; how: see the type
--          subject_birth(subject_id, stated_birth)                           one row a subject and birth date its file states
--          subject_place(subject_id, village, birth, has_right_number)       one row a subject, village and birth date
--          fits_but_lost(damaged, whole): two phonetic keys of three or more characters, alike but for one that the first lost (〓)
-- Rule:    a subject with one variant only has one name and one place: most need no DISTINCT.
CREATE TEMP TABLE name_change AS
    SELECT DISTINCT key, before_phonetic_key, after_phonetic_key FROM police_change
    WHERE before_phonetic_key <> '' AND after_phonetic_key <> '';
CREATE TEMP TABLE number_change AS
    SELECT DISTINCT old_key, new_key, phonetic_key FROM police_change WHERE old_key <> new_key;

CREATE TEMP VIEW dated_variant AS
    SELECT *, coalesce(CASE WHEN key IS NOT NULL THEN number_birth END, stated_birth, number_birth) AS birth FROM variant;
CREATE TEMP MACRO fits_but_lost(damaged, whole) AS length(damaged) > 2 AND length(replace(damaged, '〓', '')) = length(damaged) - 1
    AND NOT contains(whole, '〓') AND whole LIKE replace(damaged, '〓', '_');
CREATE TEMP TYPE how AS ENUM ('stated', 'former', 'repaired');  -- the first is the most reliable
CREATE TEMP TABLE subject_name AS
    SELECT subject_id, phonetic_key, plain, name FROM variant WHERE is_only_variant AND phonetic_key <> ''
    UNION ALL SELECT DISTINCT subject_id, phonetic_key, plain, name FROM variant WHERE NOT is_only_variant AND phonetic_key <> '';
CREATE TEMP TABLE subject_key AS
    SELECT subject_id, key, min(how) AS how, false AS is_only_variant FROM (
        SELECT subject_id, key, 'stated'::how AS how FROM variant WHERE key IS NOT NULL AND NOT is_only_variant
        UNION ALL
        SELECT variant.subject_id, changed.old_key, 'former'::how FROM variant
        JOIN number_change changed ON changed.new_key = variant.key AND changed.phonetic_key = variant.phonetic_key
        UNION ALL
        SELECT subject_id, key, 'repaired'::how FROM variant_repair
    ) GROUP BY subject_id, key
    UNION ALL SELECT subject_id, key, 'stated', true FROM variant WHERE key IS NOT NULL AND is_only_variant;
CREATE TEMP TABLE subject_birth AS
    SELECT DISTINCT subject_id, stated_birth FROM variant WHERE stated_birth IS NOT NULL;
CREATE TEMP TABLE subject_place AS
    SELECT subject_id, village, birth, key IS NOT NULL AS has_right_number FROM dated_variant WHERE is_only_variant
    UNION ALL
    SELECT DISTINCT subject_id, village, birth,
        subject_id IN (SELECT subject_id FROM variant WHERE NOT is_only_variant AND key IS NOT NULL) AS has_right_number
    FROM dated_variant WHERE NOT is_only_variant;
