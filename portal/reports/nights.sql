-- Inputs:  nightly_nightrun, regions_unit
-- Output:  night: one row a county in or around the asked unit: its last night as of the day or before it, and the county's path
WITH night AS (
    SELECT DISTINCT ON (n.county_id) n.county_id, n.as_of_date, n.finished_at, c.path AS county_path
    FROM nightly_nightrun n
    JOIN regions_unit c ON c.id = n.county_id
    WHERE n.state = 'done' AND n.as_of_date <= %(day)s
      AND (starts_with(c.path, %(unit_path)s) OR starts_with(%(unit_path)s, c.path))
    ORDER BY n.county_id, n.as_of_date DESC, n.finished_at DESC
)
