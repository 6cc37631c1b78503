-- Inputs:  the empty tables of benchmarks/eligibility.py, first in the search path; county, persons (how many)
-- Effects: so many persons with the rows a county's files, nights and applications leave: lists 1.3 a person, findings 1, facts 0.6,
--          earlier nights' rows superseded, years of contributions known of six in ten
INSERT INTO registry_person (id, county_id, name, name_pinyin, birth_date, sex, created_at)
SELECT n, %(county)s, '某', md5(n::text), date '1930-01-01' + n %% 32000, 1 + n %% 2, now() FROM generate_series(1, %(persons)s) n;
INSERT INTO registry_designation (id, person_id, county_id, kind, record_key, status, settlement, hukou_text, hukou_unit_id, valid_from, row_id, recorded_at)
SELECT row_number() OVER (), n, %(county)s, kind, n::text, CASE WHEN n %% 3 = 0 THEN 'out_with_policies' ELSE 'poor' END, '',
    CASE WHEN kind = 'poverty' THEN '某村' ELSE '' END, CASE WHEN n %% 50 > 0 THEN 1 END, '2018-01-01', n, now()
FROM generate_series(1, %(persons)s) n CROSS JOIN (VALUES ('poverty', 1), ('dibao', 4), ('tekun', 12)) list (kind, share)
WHERE n %% share = 0;
INSERT INTO registry_personidentifier (id, person_id, number_id, state, recorded_at)
SELECT n, n, n, 'ok', now() FROM generate_series(1, %(persons)s) n WHERE n %% 100 > 0;
INSERT INTO coverage_coverageverdict (id, county_id, night_id, as_of_date, recorded_at, superseded_at, person_id, verdict, e1_column, desk_reason,
    in_poverty_file, in_three_categories, due_to_draw, drawing, pay_target, out_of_province, categories, birth_date, sex, oldest_feed_date)
SELECT row_number() OVER (), %(county)s, 1, '2018-12-31', now(), ended, n, '1-011', '9_resident', 'contributing', true, true, false, false, true, false,
    'poverty', date '1930-01-01' + n %% 32000, 1, '2018-12-31'
FROM generate_series(1, %(persons)s) n CROSS JOIN (VALUES (NULL::timestamptz, 1), ('2000-01-01', 7)) night (ended, share) WHERE n %% share = 0;
INSERT INTO coverage_finding (id, county_id, night_id, as_of_date, recorded_at, superseded_at, person_id, scheme, roll_no, kind, evidence_class, evidence)
SELECT row_number() OVER (), %(county)s, 1, '2018-12-31', now(), ended, n, '', '', kind, '', jsonb_build_object('value', value, 'facts',
    CASE WHEN kind = 'insured_elsewhere' THEN jsonb_build_array(n) ELSE '[]' END, 'reports', '[]'::jsonb, 'lines',
    jsonb_build_array(jsonb_build_object('scheme', 'resident', 'roll_no', n::text, 'delivery', 1, 'part', 'jm_201812.csv', 'line', n, 'status', value)))
FROM generate_series(1, %(persons)s) n
CROSS JOIN (VALUES (NULL::timestamptz, 1), ('2000-01-01', 7)) night (ended, share)
CROSS JOIN (VALUES ('resident', '1/1', 10, 5), ('resident', '1/3', 10, 4), ('employee', '1', 16, 0), ('insured_elsewhere', 'employee', 50, 1),
    ('student', '', 30, 1), ('candidate', '', 70, 1), ('death', '', 150, 1), ('survey', 'declined', 200, 1), ('hukou_out', '', 300, 1))
    found (kind, value, every, most)
WHERE n %% share = 0 AND n %% every <= most;
INSERT INTO registry_fact (id, county_id, kind, delivery_id, sheet, row, name, number_id, number_state, event_date, event_precision, source, detail, recorded_at)
SELECT row_number() OVER (), %(county)s, kind, 1, '', row_number() OVER (), '某', n, 'ok', '2018-06-01', 'day', '', detail::jsonb, now()
FROM generate_series(1, %(persons)s) n
CROSS JOIN (VALUES ('disability', 2, '{"grade": "2"}'), ('hukou_in', 20, '{"from_place": "山东省德州市"}'), ('insured_elsewhere', 50, '{"status": "drawing"}'),
    ('student', 30, '{}')) fact (kind, every, detail)
WHERE n %% every = 0;
INSERT INTO enrollment_application (id, county_id, person_id, kind, state, version, content_hash, channel, opened_at, accepted_on, receipt_no, decided_on,
    refusal_reasons, effective_from, entry_number, ended_at)
SELECT row_number() OVER (), %(county)s, n, kind, 'effective', 1, repeat('0', 64), 'village', now(), '2018-12-01', kind || n::text, '2018-12-01', '[]', '2018-12-01', '', now()
FROM generate_series(1, %(persons)s) n CROSS JOIN (VALUES ('register', 30), ('decline', 80), ('waive', 200)) asked (kind, every) WHERE n %% every = 0;
INSERT INTO enrollment_enrollment (id, county_id, person_id, scheme, application_id, draws, books, entry_number, valid_from, recorded_at)
SELECT id, county_id, person_id, 'resident', id, false, 'portal', '', '2018-12-01', now() FROM enrollment_application WHERE kind = 'register';
INSERT INTO enrollment_contributionyears (id, county_id, person_id, years, as_of_date, source, recorded_by, recorded_at)
SELECT n, %(county)s, n, n %% 20, '2018-12-31', '账户', 'x', now() FROM generate_series(1, %(persons)s) n WHERE n %% 10 < 6;
INSERT INTO enrollment_temporaryidentity (id, person_id, number, application_id, issued_at)
SELECT n, n, 'T320682' || (20190101 + n / 100000)::text || lpad((n %% 100000)::text, 5, '0'), n, now() FROM generate_series(1, %(persons)s) n WHERE n %% 500 = 0
