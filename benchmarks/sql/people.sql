-- Inputs:  registry_person, registry_personidentifier, coverage_coverageverdict; %(county)s its id, %(persons)s how many to add
-- Effects: so many persons like the known ones in turn, with their numbers and codes; extra_person (id, like_id, n 1.., ...)
CREATE TEMPORARY TABLE extra_person ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('registry_person', 'id')) AS id, known.id AS like_id, n,
    known.county_id, known.unit_id, known.name, known.name_pinyin, known.birth_date, known.sex
FROM (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS people
      FROM registry_person WHERE county_id = %(county)s) known
JOIN generate_series(1, %(persons)s) n ON n %% known.people = known.place;
ANALYZE extra_person;
INSERT INTO registry_person (id, county_id, unit_id, name, name_pinyin, birth_date, sex, created_at)
SELECT id, county_id, unit_id, name, name_pinyin, birth_date, sex, now() FROM extra_person;
INSERT INTO registry_personidentifier (person_id, number_id, state, recorded_at)
SELECT p.id, i.number_id, i.state, now()
FROM extra_person p JOIN registry_personidentifier i ON i.person_id = p.like_id AND i.superseded_at IS NULL;
INSERT INTO coverage_coverageverdict (county_id, night_id, as_of_date, recorded_at, person_id, verdict, e1_column, desk_reason,
    in_poverty_file, in_three_categories, due_to_draw, drawing, pay_target, out_of_province, file_unit_id, hukou_unit_id,
    categories, birth_date, sex, oldest_feed_date)
SELECT v.county_id, v.night_id, v.as_of_date, now(), p.id, v.verdict, v.e1_column, v.desk_reason, v.in_poverty_file,
    v.in_three_categories, v.due_to_draw, v.drawing, v.pay_target, v.out_of_province, v.file_unit_id, v.hukou_unit_id,
    v.categories, v.birth_date, v.sex, v.oldest_feed_date
FROM extra_person p JOIN coverage_coverageverdict v ON v.person_id = p.like_id AND v.superseded_at IS NULL
