-- Inputs:  registry_person, registry_designation, registry_personidentifier, registry_fact, coverage_finding, coverage_coverageverdict,
--          enrollment_enrollment, enrollment_application, enrollment_contributionyears, enrollment_temporaryidentity;
--          county; persons: ids, or NULL for all of the county; members: these and those merged into them, or NULL; absorbed, kept: who
--          was merged into whom; day: the day tested; known: the moment up to which counts what was recorded; county_name;
--          benefit_age, scheme_start, full_years, and what conditions.py names
-- Output:  one row a person, with what the conditions ask: 15, '1950-03-05', '2010-03-05', {dibao}, t, f, ... A value nobody stated is NULL
-- Rule:    what the newest night found of the person, and the birth date it went by; lists, enrolments and declarations as of the
--          day. A merged person's rows count for the one kept, who alone is tested. Sixty is reached on the birthday, born on
--          29 February on 28 February. Whether another scheme pays is not told where its list states no status, an unknown one, or
--          a paused benefit. A move within the county is none. A number stated wrongly is one: the card that is shown puts it
--          right. Years needed: the calendar years from the scheme's start to the year before sixty, at most the full number.
--          Granted ahead, a benefit not begun yet is drawn.
--          No step before the last joins persons, so that each table is read once and by several workers.
-- Source:  docs/rules.md R7, R8, R10, R12, R13, R16, R17, R18, R48
WITH alias AS NOT MATERIALIZED (
    SELECT person_id, canonical_id FROM unnest(%(absorbed)s::bigint[], %(kept)s::bigint[]) AS merged(person_id, canonical_id)
), listed AS (
    SELECT coalesce(m.canonical_id, d.person_id) AS person_id,
        array_remove(ARRAY[
            CASE WHEN bool_or(d.kind = 'poverty' AND d.status IN ('poor', 'poor_again')) THEN 'poverty' END,
            CASE WHEN bool_or(d.kind = 'poverty' AND d.status NOT IN ('poor', 'poor_again')) THEN 'marked_out' END,
            CASE WHEN bool_or(d.kind = 'dibao') THEN 'dibao' END,
            CASE WHEN bool_or(d.kind = 'tekun') THEN 'tekun' END,
            CASE WHEN bool_or(d.kind = 'reported') THEN 'reported' END], NULL) AS categories,
        bool_or(d.kind = 'poverty' AND d.hukou_text <> '' AND d.hukou_unit_id IS NULL) AS hukou_outside
    FROM registry_designation d LEFT JOIN alias m ON m.person_id = d.person_id
    WHERE d.county_id = %(county)s AND (%(members)s::bigint[] IS NULL OR d.person_id = ANY(%(members)s))
      AND d.valid_from <= %(day)s AND (d.valid_to IS NULL OR d.valid_to > %(day)s)
      AND d.recorded_at <= %(known)s AND (d.superseded_at IS NULL OR d.superseded_at > %(known)s)
    GROUP BY 1
), found AS (
    SELECT coalesce(m.canonical_id, f.person_id) AS person_id, array_agg(CASE
            WHEN f.kind IN ('resident', 'survey') THEN f.kind || ' ' || (f.evidence->>'value')
            WHEN f.kind = 'death' THEN 'death ' || f.evidence_class
            WHEN f.kind IN ('civil', 'employee') THEN CASE f.evidence->>'value'
                WHEN '1' THEN 'other scheme' WHEN '3' THEN 'other scheme' WHEN '4' THEN 'other scheme ended'
                WHEN '2' THEN 'other scheme draws' ELSE 'other scheme may draw' END
            ELSE f.kind END) AS things
    FROM coverage_finding f LEFT JOIN alias m ON m.person_id = f.person_id
    WHERE f.county_id = %(county)s AND f.person_id IS NOT NULL AND (%(members)s::bigint[] IS NULL OR f.person_id = ANY(%(members)s))
      AND f.recorded_at <= %(known)s AND (f.superseded_at IS NULL OR f.superseded_at > %(known)s)
    GROUP BY 1
), elsewhere AS (
    SELECT coalesce(m.canonical_id, f.person_id) AS person_id, bool_or(fact.detail->>'status' = 'drawing') AS draws,
        bool_or(coalesce(fact.detail->>'status', 'other') = 'other') AS may_draw
    FROM coverage_finding f LEFT JOIN alias m ON m.person_id = f.person_id
    CROSS JOIN jsonb_array_elements_text(f.evidence->'facts') AS named(fact_id)
    JOIN registry_fact fact ON fact.id = named.fact_id::bigint
    WHERE f.kind = 'insured_elsewhere' AND f.county_id = %(county)s AND (%(members)s::bigint[] IS NULL OR f.person_id = ANY(%(members)s))
      AND f.recorded_at <= %(known)s AND (f.superseded_at IS NULL OR f.superseded_at > %(known)s)
    GROUP BY 1
), born AS (
    SELECT v.person_id, v.birth_date
    FROM coverage_coverageverdict v
    WHERE v.county_id = %(county)s AND (%(persons)s::bigint[] IS NULL OR v.person_id = ANY(%(persons)s))
      AND v.recorded_at <= %(known)s AND (v.superseded_at IS NULL OR v.superseded_at > %(known)s)
), numbered AS (
    SELECT coalesce(m.canonical_id, i.person_id) AS person_id,
        min(fact.detail->>'grade') FILTER (WHERE fact.kind = 'disability') AS grade,
        max(fact.event_date) FILTER (WHERE fact.kind = 'hukou_in' AND fact.event_date <= %(day)s
            AND strpos(coalesce(fact.detail->>'from_place', ''), %(county_name)s) = 0) AS moved_in_on
    FROM registry_personidentifier i LEFT JOIN alias m ON m.person_id = i.person_id
    LEFT JOIN registry_fact fact ON fact.number_id = i.number_id AND fact.county_id = %(county)s AND fact.kind IN ('disability', 'hukou_in')
        AND fact.recorded_at <= %(known)s AND (fact.superseded_at IS NULL OR fact.superseded_at > %(known)s)
    WHERE (%(members)s::bigint[] IS NULL OR i.person_id = ANY(%(members)s))
      AND i.recorded_at <= %(known)s AND (i.superseded_at IS NULL OR i.superseded_at > %(known)s)
    GROUP BY 1
), temporary AS (
    SELECT DISTINCT coalesce(m.canonical_id, t.person_id) AS person_id
    FROM enrollment_temporaryidentity t LEFT JOIN alias m ON m.person_id = t.person_id
    WHERE (%(members)s::bigint[] IS NULL OR t.person_id = ANY(%(members)s))
      AND t.issued_at <= %(known)s AND (t.replaced_at IS NULL OR t.replaced_at > %(known)s)
), enrolled AS (
    SELECT coalesce(m.canonical_id, e.person_id) AS person_id, bool_or(e.draws) AS draws
    FROM enrollment_enrollment e LEFT JOIN alias m ON m.person_id = e.person_id
    WHERE e.county_id = %(county)s AND (%(members)s::bigint[] IS NULL OR e.person_id = ANY(%(members)s))
      AND e.scheme = 'resident'
      AND (e.valid_to IS NULL OR e.valid_to > greatest(%(day)s::date, (%(known)s::timestamptz AT TIME ZONE 'Asia/Shanghai')::date))
      AND e.recorded_at <= %(known)s AND (e.superseded_at IS NULL OR e.superseded_at > %(known)s)
    GROUP BY 1
), declared AS (
    SELECT coalesce(m.canonical_id, a.person_id) AS person_id,
        (array_agg(a.kind ORDER BY a.ended_at DESC, a.id DESC) FILTER (WHERE a.kind IN ('decline', 'revoke_decline')))[1] = 'decline' AS declined,
        max((a.ended_at AT TIME ZONE 'Asia/Shanghai')::date) FILTER (WHERE a.kind = 'decline') AS declined_on,
        (array_agg(a.kind ORDER BY a.ended_at DESC, a.id DESC) FILTER (WHERE a.kind IN ('waive', 'revoke_waiver')))[1] = 'waive' AS waived,
        max((a.ended_at AT TIME ZONE 'Asia/Shanghai')::date) FILTER (WHERE a.kind = 'waive') AS waived_on
    FROM enrollment_application a LEFT JOIN alias m ON m.person_id = a.person_id
    WHERE a.county_id = %(county)s AND (%(members)s::bigint[] IS NULL OR a.person_id = ANY(%(members)s))
      AND a.state = 'effective' AND a.ended_at <= %(known)s
    GROUP BY 1
), paid AS (
    SELECT coalesce(m.canonical_id, y.person_id) AS person_id, max(y.years) AS years
    FROM enrollment_contributionyears y LEFT JOIN alias m ON m.person_id = y.person_id
    WHERE y.county_id = %(county)s AND (%(members)s::bigint[] IS NULL OR y.person_id = ANY(%(members)s))
      AND y.recorded_at <= %(known)s AND (y.superseded_at IS NULL OR y.superseded_at > %(known)s)
    GROUP BY 1
), facts AS (
    SELECT p.id AS person_id, b.birth_date,
        (b.birth_date + make_interval(years => %(benefit_age)s))::date AS benefit_birthday,
        coalesce(l.categories, '{}') AS categories,
        w.things && '{death A}' AS is_dead, w.things && '{death A,death B,death C}' AS is_reported_dead,
        is_on_roll OR e.person_id IS NOT NULL AS is_enrolled,
        w.things && '{resident 1/3}' OR coalesce(e.draws, false) AS draws_here, w.things && '{resident 2/3}' AS is_paused, in_other_scheme,
        CASE
            WHEN w.things && '{other scheme draws}' OR x.draws THEN true
            WHEN w.things && '{other scheme may draw}' OR x.may_draw THEN NULL
            ELSE false
        END AS draws_elsewhere,
        w.things && '{student,survey student}' AS is_student, w.things && '{soldier,survey soldier}' AS is_soldier,
        w.things && '{prison,survey prisoner}' AS is_prisoner, w.things && '{survey abroad}' AS is_abroad,
        w.things && '{hukou_out,survey hukou_elsewhere}' OR coalesce(l.hukou_outside, false) AS hukou_elsewhere,
        w.things && '{candidate}' AND NOT is_on_roll AND NOT in_other_scheme AS is_undecided,
        n.person_id IS NOT NULL AS has_number, t.person_id IS NOT NULL AS has_temporary,
        n.grade, n.moved_in_on, coalesce(d.declined, false) AS declined, d.declined_on,
        coalesce(d.waived, false) AS waived, d.waived_on, y.years AS years_paid
    FROM registry_person p
    LEFT JOIN born v ON v.person_id = p.id
    CROSS JOIN LATERAL (SELECT coalesce(v.birth_date, p.birth_date) AS birth_date) b
    LEFT JOIN listed l ON l.person_id = p.id
    LEFT JOIN found f ON f.person_id = p.id
    CROSS JOIN LATERAL (
        SELECT coalesce(f.things, '{}') AS things,
            coalesce(f.things && '{resident 1/1,resident 2/2,resident 1/3,resident 2/3}', false) AS is_on_roll,
            coalesce(f.things && '{other scheme,other scheme draws,other scheme may draw,insured_elsewhere}', false) AS in_other_scheme
    ) w
    LEFT JOIN elsewhere x ON x.person_id = p.id
    LEFT JOIN numbered n ON n.person_id = p.id
    LEFT JOIN temporary t ON t.person_id = p.id
    LEFT JOIN enrolled e ON e.person_id = p.id
    LEFT JOIN declared d ON d.person_id = p.id
    LEFT JOIN paid y ON y.person_id = p.id
    WHERE p.county_id = %(county)s AND (%(persons)s::bigint[] IS NULL OR p.id = ANY(%(persons)s))
      AND NOT EXISTS (SELECT FROM alias WHERE alias.person_id = p.id)
), tested AS (
    SELECT *,
        CASE -- a declaration so old that the person is to be asked again, and one made before the benefit age, is neither yes nor no
            WHEN declined AND (declined_on + make_interval(months => %(valid_months)s::int) <= %(day)s
                OR declined_on < benefit_birthday AND benefit_birthday <= %(day)s) THEN NULL
            ELSE declined
        END AS has_declined,
        CASE
            WHEN waived AND (waived_on + make_interval(months => %(valid_months)s::int) <= %(day)s
                OR waived_on < benefit_birthday AND benefit_birthday <= %(day)s) THEN NULL
            ELSE waived
        END AS has_waived,
        CASE
            WHEN benefit_birthday <= %(scheme_start)s::date THEN 0
            WHEN benefit_birthday > %(scheme_start)s::date THEN least(%(full_years)s, date_part('year', benefit_birthday) - date_part('year', %(scheme_start)s::date))
        END::int AS years_needed
    FROM facts
)
