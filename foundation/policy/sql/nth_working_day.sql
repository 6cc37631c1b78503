-- Inputs:  policy_workingday, regions_unit; parameters start, number (of working days), horizon (days to look ahead), codes (of the
--          region and the units above it)
-- Output:  day, days_known (rows of the calendar up to that day): 2019-01-04, 4; no row where the calendar ends before
-- Rule:    of a day the nearest region's row counts. The caller compares days_known with the days passed: fewer are a gap.
WITH nearest AS (
    SELECT DISTINCT ON (w.day) w.day, w.is_working
    FROM policy_workingday w
    LEFT JOIN regions_unit u ON u.id = w.region_id
    WHERE w.day > %(start)s AND w.day < %(start)s + %(horizon)s
      AND (w.region_id IS NULL OR u.code = ANY(%(codes)s))
    ORDER BY w.day, length(u.path) DESC NULLS LAST
)
SELECT day, (SELECT count(*) FROM nearest before WHERE before.day <= worked.day) AS days_known
FROM nearest worked
WHERE is_working
ORDER BY day
OFFSET %(number)s - 1
LIMIT 1
