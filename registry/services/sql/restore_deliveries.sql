-- Inputs:  parameters delivery, county, feed, applied (the moment of its application), at; registry_deliveryproblem,
--          registry_delivery
-- Output:  registry_delivery: what the delivery replaced is applied again; registry_deliveryproblem: what it corrected is open again
UPDATE registry_deliveryproblem SET corrected_by_id = NULL WHERE corrected_by_id = %(delivery)s;
UPDATE registry_delivery SET state = 'applied', superseded_at = NULL
WHERE county_id = %(county)s AND feed = %(feed)s AND state = 'superseded' AND superseded_at = %(applied)s;
