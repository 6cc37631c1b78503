-- Inputs:  touched, subject_key(subject_id, key, how), subject_name(subject_id, sound, ...)
-- Output:  number_pair(subject_id, scheme, snapshot, position, how, sound_same): a subject and a line with one number
-- Rule:    `how` is the best the subject has for it: stated by its own file, former (police changed it), repaired (computed)
SELECT
    keyed.subject_id, any_value(t.scheme) AS scheme, t.snapshot, t.position,
    min(keyed.how) AS how,
    bool_or(named.sound = t.sound) AS sound_same
FROM touched t
JOIN subject_key keyed ON keyed.key = t.key
JOIN subject_name named ON named.subject_id = keyed.subject_id
GROUP BY keyed.subject_id, t.snapshot, t.position
