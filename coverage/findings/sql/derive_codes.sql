-- Inputs:  person(person_id, birth, is_child_undated, no_number, in_poverty_file, in_three_categories, hukou_outside, units, lists, sex),
--          person_finding
-- Output:  one row a person: verdict, e1_column, desk_reason, is_reported_dead, due_to_draw, drawing, pay_target, out_of_province, by_portal (insured
--          by an enrolment of our own that the roll does not show yet), and the units,
--          lists, birth and sex the statutory table of this night counts by
-- Rule:    three priority tables. verdict: the code of the survey list, the county's own roll before all others. e1_column: a
--          partition of the registered; persons exempt from insurance first, then public sector > employee > resident.
--          desk_reason: the reason shown to clerks. A death counts with class A only: B is for the village to verify, and until then
--          nobody is proposed for enrolment. Direct inclusion: of the benefit age on the day papers are accepted, that day in
--          the window, in one of the categories of the region. Government pays for those of the three categories who are insured
--          here, in no other scheme, and not yet due to draw.
-- Source:  docs/rules.md R12, R25, R49; R7, R16, R17, R18 and R23 for their parts
WITH gathered AS (
    SELECT p.* EXCLUDE (hukou_outside),
        coalesce(bool_or(f.kind = 'death' AND f.evidence_class = 'A'), false) AS dead,
        coalesce(bool_or(f.kind = 'death'), false) AS is_reported_dead,
        coalesce(bool_or(f.kind = 'resident' AND f.value IN ('1/1', '2/2', '1/3', '2/3') OR f.kind = 'portal'), false) AS here,
        coalesce(bool_or(f.kind = 'portal'), false)
            AND NOT coalesce(bool_or(f.kind = 'resident' AND f.value IN ('1/1', '2/2', '1/3', '2/3')), false) AS by_portal,
        coalesce(bool_or(f.kind = 'not_on_roll'), false) AS absent_from_roll,
        coalesce(bool_or(f.kind IN ('resident', 'portal') AND f.value = '1/3'), false) AS drawing_here,
        coalesce(bool_or(f.kind = 'resident' AND f.value = '2/3'), false) AS paused_here,
        coalesce(bool_or(f.kind IN ('resident', 'portal') AND f.value = '1/1'), false) AS contributing_here,
        coalesce(bool_or(f.kind = 'resident' AND f.value = '4/3'), false) AS ended_here,
        coalesce(bool_or(f.kind = 'resident' AND f.value NOT IN ('1/1', '2/2', '1/3', '2/3', '4/3')), false) AS not_insured_here,
        coalesce(bool_or(f.kind = 'civil' AND f.value <> '4'), false) AS civil,
        coalesce(bool_or(f.kind = 'employee' AND f.value <> '4'), false) AS employee,
        coalesce(bool_or(f.kind IN ('civil', 'employee') AND f.value = '2'), false) AS drawing_there,
        coalesce(bool_or(f.kind = 'insured_elsewhere' AND f.value = 'civil'), false) AS civil_elsewhere,
        coalesce(bool_or(f.kind = 'insured_elsewhere' AND f.value = 'employee'), false) AS employee_elsewhere,
        coalesce(bool_or(f.kind = 'insured_elsewhere' AND f.value = 'resident'), false) AS resident_elsewhere,
        coalesce(bool_or(f.kind = 'survey' AND f.value = 'not_found' OR f.kind = 'report' AND f.value = 'cannot_be_found'), false) AS not_found,
        coalesce(bool_or(f.kind = 'survey' AND f.value = 'hukou_elsewhere' OR f.kind = 'hukou_out'), false) OR bool_or(p.hukou_outside) AS hukou_elsewhere,
        coalesce(bool_or(f.kind = 'survey' AND f.value = 'declined'), false) AS declined,
        coalesce(bool_or(f.kind = 'survey' AND f.value = 'abroad'), false) AS abroad,
        coalesce(bool_or(f.kind = 'soldier' OR f.kind = 'survey' AND f.value = 'soldier'), false) AS soldier,
        coalesce(bool_or(f.kind = 'prison' OR f.kind = 'survey' AND f.value = 'prisoner'), false) AS prisoner,
        coalesce(bool_or(f.kind = 'student' OR f.kind = 'survey' AND f.value = 'student'), false) AS student,
        coalesce(bool_or(f.kind = 'candidate'), false) AS undecided
    FROM person p
    LEFT JOIN person_finding f USING (person_id)
    GROUP BY ALL
), aged AS (
    SELECT *, coalesce(birth + to_years(getvariable('participation_age')::INTEGER) > getvariable('as_of'), false)
            OR is_child_undated AS under16,
        coalesce(due_month(birth) <= getvariable('as_of_month'), false) AS due_to_draw,
        coalesce(benefit_birthday <= getvariable('as_of')
            AND CASE getvariable('inclusion_tested') WHEN 'turned_60' THEN greatest(benefit_birthday, getvariable('inclusion_first'))
                ELSE getvariable('as_of') END BETWEEN getvariable('inclusion_first') AND getvariable('inclusion_last')
            AND list_has_any(string_split(categories, ' '), string_split(getvariable('inclusion_categories'), ' ')), false) AS included,
        here OR civil OR employee OR civil_elsewhere OR employee_elsewhere OR resident_elsewhere AS insured
    FROM (SELECT *, (birth + to_years(getvariable('benefit_age')::INTEGER))::DATE AS benefit_birthday FROM gathered)
)
SELECT person_id,
    CASE
        WHEN under16 THEN 'U16'
        WHEN dead THEN '0-207'
        WHEN here THEN '1-011'
        WHEN civil THEN '0-201'
        WHEN employee THEN '0-200'
        WHEN civil_elsewhere OR employee_elsewhere THEN '0-202'
        WHEN resident_elsewhere THEN '0-208'
        WHEN abroad THEN '0-206'
        WHEN soldier THEN '0-204'
        WHEN prisoner THEN '0-205'
        WHEN student THEN '0-203'
        WHEN declined THEN '2-011'
        ELSE 'GAP' END AS verdict,
    CASE
        WHEN under16 THEN '2_under16'
        WHEN dead THEN '6_dead'
        WHEN soldier THEN '4_soldier'
        WHEN prisoner THEN '5_prisoner'
        WHEN abroad AND NOT insured THEN '7_abroad'
        WHEN student THEN '3_student'
        WHEN civil OR civil_elsewhere THEN '11_civil'
        WHEN employee OR employee_elsewhere THEN '10_employee'
        WHEN here OR resident_elsewhere THEN '9_resident'
        WHEN declined THEN '16a_waived'
        WHEN not_found THEN '16b_not_found'
        WHEN hukou_elsewhere THEN '16d_pushed'
        WHEN not_insured_here THEN '16c_data_error'
        WHEN no_number AND NOT undecided THEN '16e_no_hukou'
        ELSE '16f_other' END AS e1_column,
    CASE
        WHEN under16 THEN 'under_16'
        WHEN dead THEN 'dead'
        WHEN drawing_here THEN 'drawing'
        WHEN paused_here THEN 'paused'
        WHEN contributing_here THEN 'contributing'
        WHEN here THEN 'lapsed'
        WHEN civil THEN 'civil'
        WHEN employee THEN 'employee'
        WHEN insured THEN 'elsewhere'
        WHEN abroad THEN 'abroad'
        WHEN soldier THEN 'soldier'
        WHEN prisoner THEN 'prisoner'
        WHEN student THEN 'student'
        WHEN is_reported_dead THEN 'death_to_verify'
        WHEN absent_from_roll THEN 'not_on_roll'
        WHEN declined THEN 'enrolment_declined'
        WHEN undecided THEN 'undecided'
        WHEN not_found THEN 'cannot_be_found'
        WHEN hukou_elsewhere THEN 'hukou_elsewhere'
        WHEN not_insured_here THEN 'roll_row_not_insured'
        WHEN ended_here THEN 'roll_row_terminated'
        WHEN no_number THEN 'no_number'
        WHEN included THEN 'direct_inclusion'
        ELSE 'never_enrolled' END AS desk_reason,
    is_reported_dead, in_poverty_file, in_three_categories,
    due_to_draw AND NOT dead AS due_to_draw,
    (drawing_here OR drawing_there) AND NOT dead AS drawing,
    in_three_categories AND here AND e1_column = '9_resident' AND NOT aged.due_to_draw AS pay_target,
    insured AND NOT (here OR civil OR employee) AS out_of_province, verdict = '1-011' AND by_portal AS by_portal,
    file_unit_id, hukou_unit_id, categories, birth AS birth_date, sex
FROM aged
ORDER BY person_id
