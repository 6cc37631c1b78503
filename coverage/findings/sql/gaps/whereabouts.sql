-- Kinds:   HUKOU_ELSEWHERE, NOT_FOUND, NO_IDENTITY
-- Inputs:  verdict, person_finding
-- Rule:    what keeps an uninsured person from being enrolled here, as work of its own: another county, the village, the police.
--          Whom one source reports dead is verified first. Whom the village cannot find is looked for whatever the code says: a
--          benefit may go to somebody nobody sees. Not children, nor the dead.
SELECT person_id,
    CASE e1_column WHEN '16d_pushed' THEN 'HUKOU_ELSEWHERE' WHEN '16b_not_found' THEN 'NOT_FOUND' ELSE 'NO_IDENTITY' END AS kind,
    desk_reason AS reason
FROM verdict
WHERE verdict = 'GAP' AND e1_column IN ('16b_not_found', '16d_pushed', '16e_no_hukou') AND desk_reason <> 'death_to_verify'
UNION ALL
SELECT v.person_id, 'NOT_FOUND', 'cannot_be_found'
FROM verdict v JOIN person_finding f USING (person_id)
WHERE f.kind = 'report' AND f.value = 'cannot_be_found' AND v.verdict NOT IN ('U16', '0-207') AND NOT v.is_reported_dead
    AND NOT (v.verdict = 'GAP' AND v.e1_column = '16b_not_found')
