-- Inputs:  affected: a query of person ids; source_rows: the query of selectors/sql/source_rows.sql for the table
--          affected_person; details: the query of selectors/details.py over source_rows; registry_person
-- Output:  changed_person(person_id, name, unit_id, birth_date, sex, pinyin, is_renamed), one row a person whose details differ
--          from those stored; pinyin is still empty
-- Rule:    a birth date and a sex that no right number states remain as they are. The temporary tables are analysed, or the planner
--          expects a million persons where there are a handful.
DROP TABLE IF EXISTS pg_temp.affected_person, pg_temp.source_row, pg_temp.changed_person;
CREATE TEMP TABLE affected_person ON COMMIT DROP AS {affected};
ANALYZE affected_person;
CREATE TEMP TABLE source_row ON COMMIT DROP AS {source_rows};
ANALYZE source_row;
CREATE TEMP TABLE changed_person ON COMMIT DROP AS
    WITH source_rows AS (SELECT * FROM source_row)
    SELECT s.person_id, s.name, s.unit_id, coalesce(s.birth_date, p.birth_date) AS birth_date,
        coalesce(s.sex, p.sex) AS sex, NULL::text AS pinyin, s.name <> p.name AS is_renamed
    FROM ({details}) s JOIN registry_person p ON p.id = s.person_id
    WHERE (s.name, s.unit_id, coalesce(s.birth_date, p.birth_date), coalesce(s.sex, p.sex))
          IS DISTINCT FROM (p.name, p.unit_id, p.birth_date, p.sex);
