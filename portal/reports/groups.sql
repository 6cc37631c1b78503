-- Inputs:  night (nights.sql), coverage_coverageverdict, regions_unit
-- Output:  counted: the persons of people.sql added up: one row a unit and combination of what the columns of the table ask
--          for, with how many `persons` it counts, and child as there
-- Rule:    as in people.sql. Added up by the unit's id first, and only then brought to the unit's place: a province has
--          thousands of units and a million persons, and each place is looked up once.
, alike AS (
    SELECT night.county_path, {unit_field} AS unit_id, v.e1_column, v.desk_reason, v.due_to_draw, v.drawing, v.pay_target,
        v.out_of_province, count(*) AS persons
    FROM night
    JOIN coverage_coverageverdict v ON v.county_id = night.county_id
        AND v.recorded_at <= night.finished_at AND (v.superseded_at IS NULL OR v.superseded_at > night.finished_at)
    WHERE {population}
    GROUP BY night.county_path, {unit_field}, v.e1_column, v.desk_reason, v.due_to_draw, v.drawing, v.pay_target,
        v.out_of_province
), counted AS (
    SELECT alike.*, substr(coalesce(u.path, alike.county_path), length(%(unit_path)s) + 1, 12) AS child
    FROM alike
    LEFT JOIN regions_unit u ON u.id = alike.unit_id AND starts_with(u.path, alike.county_path)
    WHERE starts_with(coalesce(u.path, alike.county_path), %(unit_path)s)
)
