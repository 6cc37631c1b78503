-- Inputs:  parameters delivery, county, feed, applied (the moment of its application), at; registry_fact,
--          registry_delivery
-- Output:  registry_fact: facts of the delivery superseded, facts it superseded recorded again
UPDATE registry_fact SET superseded_at = %(at)s WHERE delivery_id = %(delivery)s AND superseded_at IS NULL;
INSERT INTO registry_fact (county_id, kind, delivery_id, sheet, row, name, number_id, number_state, birth_date, sex, name_before, name_after, old_number_id,
    new_number_id, event_date, event_precision, valid_from, valid_to, source, detail, recorded_at)
SELECT county_id, kind, delivery_id, sheet, row, name, number_id, number_state, birth_date, sex, name_before, name_after, old_number_id, new_number_id, event_date,
    event_precision, valid_from, valid_to, source, detail, %(at)s
FROM registry_fact f
WHERE f.county_id = %(county)s AND f.superseded_at = %(applied)s AND f.recorded_at < %(applied)s
  AND f.delivery_id IN (SELECT id FROM registry_delivery WHERE county_id = %(county)s AND feed = %(feed)s);
