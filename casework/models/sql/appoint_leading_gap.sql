-- Inputs:  before, after (the rows of casework_gap the statement changed), casework_gap; moved: the select of the subjects whose
--          gaps were opened or closed
-- Effects: is_leading is true for the first open gap of each of these subjects, by rank, and for no other open one
-- Rule:    a subject is a person, or, where nobody is known, a line of a roll.
IF NOT EXISTS ({moved}) THEN
    RETURN NULL;  -- also where the update below comes by again
END IF;
WITH moved AS (SELECT DISTINCT * FROM ({moved}) every), theirs AS (
    SELECT g.* FROM casework_gap g JOIN moved USING (person_id) WHERE g.closed_at IS NULL
    UNION ALL
    SELECT g.* FROM casework_gap g JOIN moved USING (county_id, scheme, roll_no)
    WHERE g.closed_at IS NULL AND g.person_id IS NULL AND moved.person_id IS NULL
), placed AS (
    SELECT id, is_leading, row_number() OVER (
        PARTITION BY coalesce(person_id, 0), county_id, scheme, roll_no ORDER BY rank, id) = 1 AS is_first
    FROM theirs
)  -- as an array: joined, thousands of new gaps are held against thousands one by one while nothing is known of their number
UPDATE casework_gap SET is_leading = NOT is_leading
WHERE id = ANY (ARRAY(SELECT id FROM placed WHERE is_leading <> is_first));
RETURN NULL;
