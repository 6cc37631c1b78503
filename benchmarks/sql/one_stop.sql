-- Inputs:  county; persons (how many), day (of the data), delivery (id of a file), numbers (ids of identity
--          numbers, one a person)
-- Effects: so many uninsured persons over the county's townships, with number, list, finding and gap: of ten seven young, two old and
--          on dibao, one excluded, as a student or as not on a list; the constraints of keys are put off, and all is rolled back
CREATE TEMPORARY TABLE made ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('registry_person', 'id')) AS id, n, u.id AS unit_id,
    CASE WHEN n %% 10 < 7 THEN date '1975-01-01' ELSE date '1950-01-01' END + n %% 3000 AS birth_date
FROM generate_series(1, %(persons)s) n
JOIN (SELECT id, row_number() OVER (ORDER BY code) - 1 AS place, count(*) OVER () AS towns
      FROM regions_unit WHERE parent_id = %(county)s) u ON u.place = n %% u.towns;
INSERT INTO registry_person (id, county_id, unit_id, name, name_pinyin, birth_date, sex, created_at)
SELECT id, %(county)s, unit_id, '某', 'mou', birth_date, 1 + n %% 2, now() FROM made;
INSERT INTO registry_personidentifier (person_id, number_id, state, recorded_at) SELECT id, (%(numbers)s::bigint[])[n], 'ok', now() FROM made;
CREATE TEMPORARY TABLE row_made ON COMMIT DROP AS
SELECT n, nextval(pg_get_serial_sequence('registry_deliveredrow', 'id')) AS row_id FROM made WHERE n %% 10 IN (7, 8);
INSERT INTO registry_deliveredrow (id, delivery_id, sheet, row, member, person_id, name, number_state, record_key, identified_by)
SELECT row_id, %(delivery)s, '', n, 0, id, '某', 'ok', n::text, 'bench' FROM made JOIN row_made USING (n);
INSERT INTO registry_designation (person_id, county_id, kind, record_key, status, settlement, hukou_text, hukou_unit_id, valid_from, row_id, recorded_at)
SELECT id, %(county)s, 'dibao', n::text, 'full', '', '', NULL, '2018-01-01', row_id, now() FROM made JOIN row_made USING (n);
INSERT INTO coverage_finding (county_id, night_id, as_of_date, recorded_at, person_id, scheme, roll_no, kind, evidence_class, evidence)
SELECT %(county)s, 1, %(day)s, now(), id, '', '', 'student', '', '{"value": "", "facts": [], "reports": [], "lines": []}'
FROM made WHERE n %% 20 = 9;
INSERT INTO coverage_coverageverdict (county_id, night_id, as_of_date, recorded_at, person_id, verdict, e1_column, desk_reason,
    in_poverty_file, in_three_categories, due_to_draw, drawing, pay_target, out_of_province, categories, birth_date, sex, oldest_feed_date)
SELECT %(county)s, 1, %(day)s, now(), id, 'GAP', '16f_other', 'never_enrolled', true, true, false, false, false, false, 'poverty', birth_date, 1, %(day)s
FROM made;
INSERT INTO casework_gap (county_id, unit_id, person_id, scheme, roll_no, subject_name, subject_pinyin, kind, reason, rank,
    evidence_class, evidence, desk, opened_on, opened_at)
SELECT %(county)s, unit_id, id, '', '', '某', 'mou', 'UNINSURED', 'never_enrolled', 30, '', '[]', 'township', %(day)s, now() FROM made;
ANALYZE registry_person, registry_personidentifier, registry_designation, coverage_finding, coverage_coverageverdict, casework_gap
