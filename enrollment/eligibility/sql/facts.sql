-- Inputs:  registry_person, registry_designation, registry_personidentifier, registry_fact, coverage_finding, coverage_coverageverdict,
--          enrollment_enrollment, enrollment_application, enrollment_contributionyears, enrollment_temporaryidentity, person_alias_at();
--          county; persons: ids, or NULL for all of the county; day: the day tested; known: the moment up to which counts what was
--          recorded; county_name; benefit_age, scheme_start, and what conditions.py names
-- Output:  one row a person, with what the conditions ask: 15, '1950-03-05', '2010-03-05', {dibao}, t, f, ... A value nobody stated is NULL
-- Rule:    what the newest night found of the person, and the birth date it went by; lists, enrolments and declarations as of the
--          day. A merged person's rows count for the one kept, who alone is tested. Sixty is reached on the birthday, born on
--          29 February on 28 February. Whether another scheme pays is not told where its list states no status, an unknown one, or
--          a paused benefit. A move within the county is none. A number stated wrongly is
--          one: the card that is shown puts it right. Years needed: of the calendar years from the scheme's start to the
--          year before sixty, at most the full number.
-- Source:  docs/rules.md R7, R8, R10, R12, R13, R16, R17, R18, R48
WITH alias AS MATERIALIZED (
    SELECT person_id, canonical_id FROM person_alias_at(%(known)s)
), member AS (
    SELECT p.id AS person_id, p.id AS member_id FROM registry_person p
    WHERE p.county_id = %(county)s AND (%(persons)s::bigint[] IS NULL OR p.id = ANY(%(persons)s))
      AND NOT EXISTS (SELECT FROM alias a WHERE a.person_id = p.id)
    UNION ALL
    SELECT a.canonical_id, a.person_id FROM alias a JOIN registry_person p ON p.id = a.canonical_id
    WHERE p.county_id = %(county)s AND (%(persons)s::bigint[] IS NULL OR a.canonical_id = ANY(%(persons)s))
), listed AS (
    SELECT m.person_id,
        array_agg(DISTINCT CASE WHEN d.kind <> 'poverty' THEN d.kind::text WHEN d.status IN ('poor', 'poor_again') THEN 'poverty' ELSE 'marked_out' END)
            AS categories,
        bool_or(d.kind = 'poverty' AND d.hukou_text <> '' AND d.hukou_unit_id IS NULL) AS hukou_outside
    FROM member m JOIN registry_designation d ON d.person_id = m.member_id
    WHERE d.valid_from <= %(day)s AND (d.valid_to IS NULL OR d.valid_to > %(day)s)
      AND d.recorded_at <= %(known)s AND (d.superseded_at IS NULL OR d.superseded_at > %(known)s)
    GROUP BY m.person_id
), found AS (
    SELECT m.person_id,
        bool_or(f.kind = 'death' AND f.evidence_class = 'A') AS is_dead, bool_or(f.kind = 'death') AS is_reported_dead,
        bool_or(f.kind = 'resident' AND f.evidence->>'value' IN ('1/1', '2/2', '1/3', '2/3')) AS on_roll,
        bool_or(f.kind = 'resident' AND f.evidence->>'value' = '1/3') AS draws_on_roll,
        bool_or(f.kind = 'resident' AND f.evidence->>'value' = '2/3') AS is_paused,
        bool_or(f.kind IN ('civil', 'employee') AND f.evidence->>'value' <> '4' OR f.kind = 'insured_elsewhere') AS in_other_scheme,
        bool_or(f.kind IN ('civil', 'employee') AND f.evidence->>'value' = '2') AS draws_elsewhere,
        bool_or(f.kind IN ('civil', 'employee') AND f.evidence->>'value' NOT IN ('1', '2', '3', '4')) AS may_draw_elsewhere,
        array_agg(f.id) FILTER (WHERE f.kind = 'insured_elsewhere') AS elsewhere,
        bool_or(f.kind = 'student' OR f.kind = 'survey' AND f.evidence->>'value' = 'student') AS is_student,
        bool_or(f.kind = 'soldier' OR f.kind = 'survey' AND f.evidence->>'value' = 'soldier') AS is_soldier,
        bool_or(f.kind = 'prison' OR f.kind = 'survey' AND f.evidence->>'value' = 'prisoner') AS is_prisoner,
        bool_or(f.kind = 'survey' AND f.evidence->>'value' = 'abroad') AS is_abroad,
        bool_or(f.kind = 'hukou_out' OR f.kind = 'survey' AND f.evidence->>'value' = 'hukou_elsewhere') AS hukou_moved,
        bool_or(f.kind = 'candidate') AS has_candidate
    FROM member m JOIN coverage_finding f ON f.person_id = m.member_id
    WHERE f.recorded_at <= %(known)s AND (f.superseded_at IS NULL OR f.superseded_at > %(known)s)
    GROUP BY m.person_id
), elsewhere AS (
    SELECT f.person_id, bool_or(fact.detail->>'status' = 'drawing') AS draws,
        bool_or(coalesce(fact.detail->>'status', 'other') = 'other') AS may_draw
    FROM found f CROSS JOIN unnest(f.elsewhere) AS e(finding_id)
    JOIN coverage_finding c ON c.id = e.finding_id
    CROSS JOIN jsonb_array_elements_text(c.evidence->'facts') AS named(fact_id)
    JOIN registry_fact fact ON fact.id = named.fact_id::bigint
    GROUP BY f.person_id
), born AS (
    SELECT v.person_id, v.birth_date
    FROM coverage_coverageverdict v
    WHERE v.county_id = %(county)s AND (%(persons)s::bigint[] IS NULL OR v.person_id = ANY(%(persons)s))
      AND v.recorded_at <= %(known)s AND (v.superseded_at IS NULL OR v.superseded_at > %(known)s)
), numbered AS (
    SELECT m.person_id, array_agg(i.number_id) AS numbers
    FROM member m JOIN registry_personidentifier i ON i.person_id = m.member_id
    WHERE i.recorded_at <= %(known)s AND (i.superseded_at IS NULL OR i.superseded_at > %(known)s)
    GROUP BY m.person_id
), temporary AS (
    SELECT DISTINCT m.person_id
    FROM member m JOIN enrollment_temporaryidentity t ON t.person_id = m.member_id
    WHERE t.issued_at <= %(known)s AND (t.replaced_at IS NULL OR t.replaced_at > %(known)s)
), stated AS (
    SELECT n.person_id,
        min(fact.detail->>'grade') FILTER (WHERE fact.kind = 'disability') AS grade,
        max(fact.event_date) FILTER (WHERE fact.kind = 'hukou_in' AND fact.event_date <= %(day)s
            AND strpos(coalesce(fact.detail->>'from_place', ''), %(county_name)s) = 0) AS moved_in_on
    FROM numbered n CROSS JOIN unnest(n.numbers) AS i(number_id)
    JOIN registry_fact fact ON fact.number_id = i.number_id
    WHERE fact.county_id = %(county)s AND fact.kind IN ('disability', 'hukou_in') AND fact.recorded_at <= %(known)s
      AND (fact.superseded_at IS NULL OR fact.superseded_at > %(known)s)
    GROUP BY n.person_id
), enrolled AS (
    SELECT m.person_id, bool_or(e.draws) AS draws
    FROM member m JOIN enrollment_enrollment e ON e.person_id = m.member_id
    WHERE e.scheme = 'resident' AND e.valid_from <= %(day)s AND (e.valid_to IS NULL OR e.valid_to > %(day)s)
      AND e.recorded_at <= %(known)s AND (e.superseded_at IS NULL OR e.superseded_at > %(known)s)
    GROUP BY m.person_id
), declared AS (
    SELECT m.person_id,
        (array_agg(a.kind ORDER BY a.ended_at DESC, a.id DESC) FILTER (WHERE a.kind IN ('decline', 'revoke_decline')))[1] = 'decline' AS has_declined,
        (array_agg(a.kind ORDER BY a.ended_at DESC, a.id DESC) FILTER (WHERE a.kind IN ('waive', 'revoke_waiver')))[1] = 'waive' AS has_waived
    FROM member m JOIN enrollment_application a ON a.person_id = m.member_id
    WHERE a.state = 'effective' AND a.effective_from <= %(day)s AND a.ended_at <= %(known)s
    GROUP BY m.person_id
), paid AS (
    SELECT m.person_id, max(y.years) AS years
    FROM member m JOIN enrollment_contributionyears y ON y.person_id = m.member_id
    WHERE y.recorded_at <= %(known)s AND (y.superseded_at IS NULL OR y.superseded_at > %(known)s)
    GROUP BY m.person_id
), facts AS (
    SELECT p.id AS person_id, b.birth_date,
        (b.birth_date + make_interval(years => %(benefit_age)s))::date AS benefit_birthday,
        coalesce(l.categories, '{}') AS categories,
        coalesce(f.is_dead, false) AS is_dead, coalesce(f.is_reported_dead, false) AS is_reported_dead,
        coalesce(f.on_roll, false) OR e.person_id IS NOT NULL AS is_enrolled,
        coalesce(f.draws_on_roll, false) OR coalesce(e.draws, false) AS draws_here, coalesce(f.is_paused, false) AS is_paused,
        coalesce(f.in_other_scheme, false) AS in_other_scheme,
        CASE WHEN f.draws_elsewhere OR x.draws THEN true WHEN f.may_draw_elsewhere OR x.may_draw THEN NULL ELSE false END AS draws_elsewhere,
        coalesce(f.is_student, false) AS is_student, coalesce(f.is_soldier, false) AS is_soldier,
        coalesce(f.is_prisoner, false) AS is_prisoner, coalesce(f.is_abroad, false) AS is_abroad,
        coalesce(f.hukou_moved, false) OR coalesce(l.hukou_outside, false) AS hukou_elsewhere,
        coalesce(f.has_candidate AND NOT f.on_roll AND NOT f.in_other_scheme, false) AS is_undecided,
        n.person_id IS NOT NULL AS has_number, t.person_id IS NOT NULL AS has_temporary,
        s.grade, s.moved_in_on, coalesce(d.has_declined, false) AS has_declined, coalesce(d.has_waived, false) AS has_waived, y.years AS years_paid
    FROM member m JOIN registry_person p ON p.id = m.person_id
    LEFT JOIN born v ON v.person_id = p.id
    CROSS JOIN LATERAL (SELECT coalesce(v.birth_date, p.birth_date) AS birth_date) b
    LEFT JOIN listed l ON l.person_id = p.id
    LEFT JOIN found f ON f.person_id = p.id
    LEFT JOIN elsewhere x ON x.person_id = p.id
    LEFT JOIN numbered n ON n.person_id = p.id
    LEFT JOIN temporary t ON t.person_id = p.id
    LEFT JOIN stated s ON s.person_id = p.id
    LEFT JOIN enrolled e ON e.person_id = p.id
    LEFT JOIN declared d ON d.person_id = p.id
    LEFT JOIN paid y ON y.person_id = p.id
    WHERE m.member_id = m.person_id
), tested AS (
    SELECT *,
        CASE
            WHEN benefit_birthday <= %(scheme_start)s::date THEN 0
            ELSE least(%(full_years)s, date_part('year', benefit_birthday) - date_part('year', %(scheme_start)s::date))
        END AS years_needed
    FROM facts
)
