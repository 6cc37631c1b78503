-- Inputs:  policy_workingday, regions_unit; parameters starts (days), end (the last day counted), codes (of the region and the units
--          above it)
-- Output:  start, the working days after it up to the end, the days of the calendar after it up to the end: 2018-12-31, 3, 4
-- Grain:   one row a distinct start
-- Rule:    of a day the nearest region's row counts.
WITH nearest AS (
    SELECT DISTINCT ON (w.day) w.day, w.is_working
    FROM policy_workingday w
    LEFT JOIN regions_unit u ON u.id = w.region_id
    WHERE w.day > (SELECT min(start) FROM unnest(%(starts)s::date[]) start) AND w.day <= %(end)s
      AND (w.region_id IS NULL OR u.code = ANY(%(codes)s))
    ORDER BY w.day, length(u.path) DESC NULLS LAST
)
SELECT start, count(*) FILTER (WHERE is_working), count(day)
FROM unnest(%(starts)s::date[]) start LEFT JOIN nearest ON day > start
GROUP BY start
