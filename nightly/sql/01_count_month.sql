-- Inputs:  coverage_coverageverdict (the current codes of a county, just published), regions_unit;
--          county, county_path, month, as_of, code_length (of a code in a path), exempt and insured (columns of the statutory table)
-- Output:  rows of nightly_monthfigure: a row a unit of the county, population and column
-- Grain:   a unit with everything below it; persons at no unit of the county count at the county
-- Rule:    the columns are those of the statutory table (docs/rules.md R25) by registration unit. Counted by unit first, and
--          only then added up to the units above, found by the beginnings of the path: to compare every unit with every other
--          takes a second.
INSERT INTO nightly_monthfigure (county_id, month, as_of_date, unit_id, measure, count)
WITH alike AS (
    SELECT coalesce(u.path, %(county_path)s) AS path, v.in_poverty_file, v.in_three_categories, 
        v.in_poverty_file OR v.in_three_categories AS is_listed,
        NOT v.e1_column = ANY(%(exempt)s) AS should_insure, v.e1_column = ANY(%(insured)s) AS insured,
        v.due_to_draw AND NOT v.e1_column = ANY(%(exempt)s) AS due, v.drawing, count(*) AS persons
    FROM coverage_coverageverdict v
    LEFT JOIN regions_unit u ON u.id = v.file_unit_id AND starts_with(u.path, %(county_path)s)
    WHERE v.county_id = %(county)s AND v.superseded_at IS NULL
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
), counted AS (
    SELECT alike.path, p.population || '_' || m.measure AS measure, sum(persons) AS persons
    FROM alike
    CROSS JOIN LATERAL (VALUES
        ('poverty_file', in_poverty_file), ('three_categories', in_three_categories), ('all', is_listed)
    ) AS p (population, is_in)
    CROSS JOIN LATERAL (VALUES
        ('registered', true), ('should_insure', should_insure), ('insured', insured), ('due', due), ('drawing', due AND drawing)
    ) AS m (measure, holds)
    WHERE p.is_in AND m.holds
    GROUP BY alike.path, p.population, m.measure
)
SELECT %(county)s, %(month)s, %(as_of)s, above.id, counted.measure, sum(counted.persons)
FROM counted
CROSS JOIN LATERAL generate_series(length(%(county_path)s), length(counted.path), %(code_length)s) AS prefix (letters)
JOIN regions_unit above ON above.path = left(counted.path, prefix.letters) AND above.valid_to IS NULL
GROUP BY above.id, counted.measure
