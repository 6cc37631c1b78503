-- Inputs:  touched, form(subject_id, sound, key, alone), subject_key(subject_id, key, how, alone), subject_name(subject_id, sound, ...)
-- Output:  number_pair(subject_id, scheme, snapshot, position, how, sound_same): a subject and a line with one number
-- Rule:    `how` is the best the subject has for it: stated by its own file, former (police changed it), repaired (computed).
--          Who has one form only has one name for it: most are joined without being grouped.
SELECT form.subject_id, t.scheme, t.snapshot, t.position, 'stated'::how AS how, form.sound = t.sound AS sound_same
FROM touched t
JOIN form ON form.key = t.key
WHERE form.alone AND form.sound <> ''
UNION ALL
SELECT
    keyed.subject_id, any_value(t.scheme), t.snapshot, t.position,
    min(keyed.how),
    bool_or(named.sound = t.sound)
FROM touched t
JOIN subject_key keyed ON keyed.key = t.key AND NOT keyed.alone
JOIN subject_name named ON named.subject_id = keyed.subject_id
GROUP BY keyed.subject_id, t.snapshot, t.position
