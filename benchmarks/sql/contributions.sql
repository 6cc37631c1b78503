-- Inputs:  the empty tables of benchmarks/contributions.py, first in the search path; county, persons (how many), villages (ids of units)
-- Effects: so many persons of 1,000 villages on 1.3 lists each, with codes; nine in ten are paid for, the others too young, too old, students,
--          in another scheme; an earlier night's code of one in seven is superseded
INSERT INTO registry_person (id, county_id, unit_id, name, name_pinyin, birth_date, sex, created_at)
SELECT n, %(county)s, (%(villages)s::bigint[])[1 + n %% cardinality(%(villages)s::bigint[])], '某', md5(n::text), date '1955-01-01' + n %% 18000, 1 + n %% 2, now()
FROM generate_series(1, %(persons)s) n;
INSERT INTO registry_designation (id, person_id, county_id, kind, record_key, status, settlement, hukou_text, valid_from, row_id, recorded_at)
SELECT row_number() OVER (), n, %(county)s, kind, n::text, CASE WHEN n %% 30 = 0 THEN 'out_supported' ELSE 'poor' END, '', '', '2018-01-01', n, now()
FROM generate_series(1, %(persons)s) n CROSS JOIN (VALUES ('poverty', 1), ('dibao', 4), ('tekun', 12)) list (kind, share)
WHERE n %% share = 0;
INSERT INTO coverage_coverageverdict (id, county_id, night_id, as_of_date, recorded_at, superseded_at, person_id, verdict, e1_column, desk_reason,
    in_poverty_file, in_three_categories, due_to_draw, drawing, pay_target, out_of_province, categories, birth_date, sex, oldest_feed_date)
SELECT row_number() OVER (), %(county)s, 1, '2018-12-31', now(), ended, n, '1-011', CASE n %% 40 WHEN 0 THEN '3_student' WHEN 1 THEN '10_employee'
    ELSE '9_resident' END, 'contributing', true, true, false, false, true, false, 'poverty', date '1955-01-01' + n %% 18000, 1, '2018-12-31'
FROM generate_series(1, %(persons)s) n CROSS JOIN (VALUES (NULL::timestamptz, 1), ('2000-01-01', 7)) night (ended, share) WHERE n %% share = 0
