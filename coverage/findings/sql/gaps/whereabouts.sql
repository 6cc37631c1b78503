-- Kinds:   HUKOU_ELSEWHERE, NOT_FOUND, NO_IDENTITY
-- Inputs:  verdict
-- Rule:    what keeps an uninsured person from being enrolled here, as work of its own: another county, the village, the police.
--          Whom one source reports dead is verified first.
SELECT person_id,
    CASE e1_column WHEN '16d_pushed' THEN 'HUKOU_ELSEWHERE' WHEN '16b_not_found' THEN 'NOT_FOUND' ELSE 'NO_IDENTITY' END AS kind,
    desk_reason AS reason
FROM verdict
WHERE verdict = 'GAP' AND e1_column IN ('16b_not_found', '16d_pushed', '16e_no_hukou') AND desk_reason <> 'death_to_verify'
