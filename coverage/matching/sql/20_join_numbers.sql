-- Inputs:  number_block, variant(subject_id, phonetic_key, key, is_only_variant), subject_key(subject_id, key, how,
--          is_only_variant), subject_name(subject_id, phonetic_key, ...)
-- Output:  number_pair(subject_id, scheme, snapshot, position, how, same_phonetic_key): a subject and a line with one number
-- Rule:    `how` is the most reliable source of the number: stated by the subject's own file, former (the police changed it),
--          repaired (computed). A subject with one variant has one name: most rows are joined without being grouped.
SELECT variant.subject_id, t.scheme, t.snapshot, t.position, 'stated'::how AS how, variant.phonetic_key = t.phonetic_key AS same_phonetic_key
FROM number_block t
JOIN variant ON variant.key = t.key
WHERE variant.is_only_variant AND variant.phonetic_key <> ''
UNION ALL
SELECT
    keyed.subject_id, any_value(t.scheme), t.snapshot, t.position,
    min(keyed.how),
    bool_or(named.phonetic_key = t.phonetic_key)
FROM number_block t
JOIN subject_key keyed ON keyed.key = t.key AND NOT keyed.is_only_variant
JOIN subject_name named ON named.subject_id = keyed.subject_id
GROUP BY keyed.subject_id, t.snapshot, t.position
