-- Inputs:  coverage_coverageverdict, coverage_finding, coverage_link, registry_designation, registry_person, registry_fact,
--          registry_personidentifier, payments_contributionline, payments_batch, person_alias_at();
--          county, year, known (the moment up to which counts what was recorded), lists: the days of the lists that say who
--          counts, [{"feed": "dibao", "day": "2018-12-31"}], tested (day on which ages are tested), is_past (the year is over), rules: [{"category": "tekun", "place": 0,
--          "amount": 10000, "central": 0, "province": 0, "prefecture": 0, "county": 10000}], years_limit (or NULL), own_excludes,
--          participation_age, benefit_age
-- Output:  new_plan: one row a person with a code: 15, 4711, 'paid_for', 'tekun', '', 10000, 0, 0, 0, 10000, 9, {3}
-- Rule:    somebody counts whom a list of one of the days names with a category that is paid for; the first in the order of
--          identities decides. Paid for is who is insured here and in no other scheme, of age and not yet due to draw, no soldier, prisoner
--          or student, by the newest code of the year; of a year that is over the newest night counts for whom
--          a possible match waited then, and for who by now is known to have died in it. Two persons on one line of the roll are paid for
--          once. A person merged into another counts as the one kept.
-- Source:  docs/rules.md R53
CREATE TEMP TABLE new_plan ON COMMIT DROP AS
WITH alias AS NOT MATERIALIZED (
    SELECT person_id, canonical_id FROM person_alias_at(%(known)s)
), rule AS (
    SELECT * FROM jsonb_to_recordset(%(rules)s::jsonb) AS r(category text, place int, amount int, central int, province int, prefecture int, county int)
), list_day AS (
    SELECT feed, day FROM jsonb_to_recordset(%(lists)s::jsonb) AS l (feed text, day date)
), named AS (
    SELECT coalesce(a.canonical_id, d.person_id) AS person_id, d.id, CASE WHEN d.kind <> 'poverty' THEN d.kind
            WHEN d.status IN ('poor', 'poor_again') THEN 'poverty' WHEN d.status IN ('out_unstable', 'at_risk', 'sudden_hardship') THEN 'monitored'
            ELSE 'marked_out' END AS category
    FROM registry_designation d LEFT JOIN alias a ON a.person_id = d.person_id
    WHERE d.county_id = %(county)s AND d.recorded_at <= %(known)s AND (d.superseded_at IS NULL OR d.superseded_at > %(known)s)
      AND EXISTS (SELECT FROM list_day l WHERE l.feed = d.kind AND d.valid_from <= l.day AND (d.valid_to IS NULL OR d.valid_to > l.day))
    UNION ALL
    SELECT coalesce(a.canonical_id, i.person_id), NULL, 'disability'
    FROM registry_fact f JOIN registry_personidentifier i ON i.number_id = f.number_id LEFT JOIN alias a ON a.person_id = i.person_id
    WHERE EXISTS (SELECT FROM rule WHERE category = 'disability') AND f.county_id = %(county)s AND f.kind = 'disability' AND f.detail->>'grade' IN ('1', '2')
      AND f.recorded_at <= %(known)s AND (f.superseded_at IS NULL OR f.superseded_at > %(known)s)
      AND i.recorded_at <= %(known)s AND (i.superseded_at IS NULL OR i.superseded_at > %(known)s)
), counted AS (
    SELECT n.person_id, (array_agg(r.category ORDER BY r.place))[1] AS category, array_agg(n.id ORDER BY n.id) FILTER (WHERE n.id IS NOT NULL) AS designations
    FROM named n JOIN rule r USING (category)
    GROUP BY 1
), held AS (
    SELECT DISTINCT ON (v.person_id) v.person_id, v.id, v.verdict, v.e1_column, v.desk_reason, v.birth_date
    FROM coverage_coverageverdict v
    WHERE v.county_id = %(county)s AND v.as_of_date < make_date(%(year)s + 1, 1, 1) AND v.recorded_at <= %(known)s
      AND (%(is_past)s OR v.superseded_at IS NULL OR v.superseded_at > %(known)s)
    ORDER BY v.person_id, v.as_of_date DESC, v.recorded_at DESC
), now_coded AS (
    SELECT * FROM coverage_coverageverdict v
    WHERE %(is_past)s AND v.county_id = %(county)s AND v.recorded_at <= %(known)s AND (v.superseded_at IS NULL OR v.superseded_at > %(known)s)
), died AS (
    SELECT DISTINCT coalesce(a.canonical_id, f.person_id) AS person_id
    FROM coverage_finding f LEFT JOIN alias a ON a.person_id = f.person_id
    WHERE %(is_past)s AND f.county_id = %(county)s AND f.kind = 'death' AND f.evidence_class = 'A' AND f.person_id IS NOT NULL
      AND f.recorded_at <= %(known)s AND (f.superseded_at IS NULL OR f.superseded_at > %(known)s)
      AND coalesce(nullif(f.evidence->>'value', '')::date, %(tested)s) <= %(tested)s
), paid AS (
    SELECT coalesce(a.canonical_id, l.person_id) AS person_id,
        bool_or(l.payer = 'own' AND l.year = %(year)s) AS by_themselves,
        count(DISTINCT l.year) FILTER (WHERE l.payer = 'government' AND l.year <> %(year)s) AS years
    FROM payments_contributionline l JOIN payments_batch b ON b.id = l.batch_id LEFT JOIN alias a ON a.person_id = l.person_id
    WHERE l.county_id = %(county)s AND l.contra_of_id IS NULL AND b.state NOT IN ('returned', 'cancelled')
      AND NOT EXISTS (SELECT FROM payments_contributionline c JOIN payments_batch cb ON cb.id = c.batch_id
                      WHERE c.contra_of_id = l.id AND cb.state IN ('credited', 'closed'))
    GROUP BY 1
), coded AS (
    SELECT h.person_id, h.id AS verdict_id, h.verdict, h.e1_column, h.desk_reason, h.birth_date FROM held h WHERE NOT %(is_past)s
    UNION ALL
    SELECT coalesce(n.person_id, h.person_id), CASE WHEN h.stays THEN h.id ELSE n.id END, CASE WHEN h.stays THEN h.verdict ELSE n.verdict END,
        CASE WHEN h.stays THEN h.e1_column ELSE n.e1_column END, CASE WHEN h.stays THEN h.desk_reason ELSE n.desk_reason END,
        coalesce(n.birth_date, h.birth_date)
    FROM (SELECT held.*, held.desk_reason <> 'undecided' OR n.person_id IS NULL AS stays FROM held
          LEFT JOIN now_coded n USING (person_id)
          WHERE %(is_past)s AND person_id NOT IN (SELECT person_id FROM alias WHERE person_id <> canonical_id)) h
    FULL JOIN now_coded n ON n.person_id = h.person_id
    WHERE %(is_past)s
), line_of AS (
    SELECT l.person_id, bool_or(l.person_id > first.person_id) AS is_second
    FROM coverage_link l JOIN (
        SELECT scheme, roll_no, min(person_id) AS person_id FROM coverage_link
        WHERE county_id = %(county)s AND scheme = 'resident' AND action = 'auto' AND roll_no <> '' AND recorded_at <= %(known)s
          AND (superseded_at IS NULL OR superseded_at > %(known)s)
        GROUP BY 1, 2 HAVING count(DISTINCT person_id) > 1
    ) first USING (scheme, roll_no)
    WHERE l.county_id = %(county)s AND l.action = 'auto' AND l.recorded_at <= %(known)s AND (l.superseded_at IS NULL OR l.superseded_at > %(known)s)
    GROUP BY 1
), judged AS (
    SELECT v.person_id, v.verdict_id, c.category, c.designations, CASE
            WHEN v.verdict = '0-207' OR d.person_id IS NOT NULL THEN 'DEAD'
            WHEN c.person_id IS NULL THEN CASE WHEN EXISTS (SELECT FROM rule) THEN 'NO_CATEGORY' ELSE 'NO_RULE' END
            WHEN v.verdict = 'U16' AND v.birth_date IS NULL
                OR (v.birth_date + make_interval(years => %(participation_age)s))::date > %(tested)s::date THEN 'UNDER_16'
            WHEN date_trunc('month', v.birth_date + make_interval(years => %(benefit_age)s)) < date_trunc('month', %(tested)s::date) THEN 'DUE_TO_DRAW'
            WHEN v.e1_column = '4_soldier' THEN 'SOLDIER'
            WHEN v.e1_column = '5_prisoner' THEN 'PRISONER'
            WHEN v.e1_column = '7_abroad' THEN 'ABROAD'
            WHEN v.e1_column = '3_student' THEN 'STUDENT'
            WHEN v.e1_column IN ('10_employee', '11_civil') THEN 'OTHER_SCHEME'
            WHEN v.verdict = '0-208' THEN 'INSURED_ELSEWHERE'
            WHEN v.verdict = '2-011' OR v.desk_reason = 'enrolment_declined' THEN 'DECLINED'
            WHEN v.desk_reason = 'undecided' THEN 'UNDECIDED'
            WHEN v.verdict <> '1-011' OR v.e1_column <> '9_resident' THEN 'NOT_INSURED'
            WHEN s.is_second THEN 'SAME_ROLL_LINE'
            WHEN p.years >= %(years_limit)s THEN 'YEARS_LIMIT'
            WHEN p.by_themselves AND %(own_excludes)s THEN 'OWN_PAYMENT'
            ELSE '' END AS reason
    FROM coded v
    LEFT JOIN counted c USING (person_id)
    LEFT JOIN died d USING (person_id)
    LEFT JOIN paid p USING (person_id)
    LEFT JOIN line_of s USING (person_id)
)
SELECT j.person_id, person.unit_id, CASE j.reason WHEN '' THEN 'paid_for' ELSE 'excluded' END AS outcome, coalesce(j.category, '') AS category, j.reason,
    CASE j.reason WHEN '' THEN r.amount ELSE 0 END AS amount_fen, CASE j.reason WHEN '' THEN r.central ELSE 0 END AS central_fen,
    CASE j.reason WHEN '' THEN r.province ELSE 0 END AS province_fen, CASE j.reason WHEN '' THEN r.prefecture ELSE 0 END AS prefecture_fen,
    CASE j.reason WHEN '' THEN r.county ELSE 0 END AS county_fen,
    j.verdict_id, coalesce(j.designations, '{}') AS designations
FROM judged j
JOIN registry_person person ON person.id = j.person_id
LEFT JOIN rule r USING (category)
