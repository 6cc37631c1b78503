-- Inputs:  added (the rows of registry_designation the statement inserted), registry_designation
-- Output:  none, or exclusion_violation
-- Rule:    of one person, kind and record key a designation without an end begins when those with an end are over. Planned again for
--          each statement (EXECUTE): one row or a million.
EXECUTE 'SELECT a.id FROM added a JOIN registry_designation d
    ON d.person_id = a.person_id AND d.kind = a.kind AND d.record_key = a.record_key
    AND (d.valid_to IS NULL) <> (a.valid_to IS NULL)
    AND daterange(d.valid_from, d.valid_to) && daterange(a.valid_from, a.valid_to)
    WHERE d.superseded_at IS NULL AND a.superseded_at IS NULL LIMIT 1' INTO overlapping;
IF overlapping IS NOT NULL THEN
    RAISE exclusion_violation
        USING MESSAGE = 'designation_open_after_closed: ' || overlapping || ' overlaps an ended one of its line';
END IF;
RETURN NULL;
