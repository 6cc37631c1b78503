-- Inputs:  night (nights.sql), coverage_coverageverdict, regions_unit
-- Output:  counted: one row a person of the population whose unit lies in the asked unit, as the last night as of the day or
--          before it found them: codes, place (the unit's path), child (code of the unit directly below the asked one;
--          empty for persons at the unit itself)
-- Rule:    each county has its own last night. A person without a unit counts at the county, by hukou basis also a person
--          whose hukou is outside it: so everybody is counted in one place, and the parts sum to the whole.
, counted AS (
    SELECT v.person_id, v.e1_column, v.desk_reason, v.verdict, v.due_to_draw, v.drawing, v.pay_target, v.out_of_province,
        v.county_id, v.categories, v.birth_date, v.sex, night.as_of_date, night.finished_at,
        coalesce(u.path, night.county_path) AS place,
        substr(coalesce(u.path, night.county_path), length(%(unit_path)s) + 1, 12) AS child
    FROM night
    JOIN coverage_coverageverdict v ON v.county_id = night.county_id
        AND v.recorded_at <= night.finished_at AND (v.superseded_at IS NULL OR v.superseded_at > night.finished_at)
    LEFT JOIN regions_unit u ON u.id = {unit_field} AND starts_with(u.path, night.county_path)
    WHERE {population} AND starts_with(coalesce(u.path, night.county_path), %(unit_path)s)
)
