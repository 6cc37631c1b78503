-- Inputs:  parameters delivery, county, feed, applied (the moment of its application), at; registry_designation,
--          registry_personidentifier, registry_personname, registry_deliveredrow, registry_delivery
-- Output:  the same tables: rows recorded by the application superseded, rows it superseded recorded again
-- Rule:    names are not restored: an application supersedes none. What the application recorded has
--          its moment in recorded_at, what it superseded in superseded_at. A name or number another file in force states stays.
UPDATE registry_designation SET superseded_at = %(at)s
WHERE county_id = %(county)s AND kind = %(feed)s AND recorded_at = %(applied)s AND superseded_at IS NULL;
INSERT INTO registry_designation (person_id, county_id, kind, record_key, status, settlement, file_unit_id, hukou_unit_id,
    hukou_text, valid_from, valid_to, row_id, recorded_at)
SELECT person_id, county_id, kind, record_key, status, settlement, file_unit_id, hukou_unit_id, hukou_text, valid_from, valid_to,
    row_id, %(at)s
FROM registry_designation
WHERE county_id = %(county)s AND kind = %(feed)s AND superseded_at = %(applied)s AND recorded_at < %(applied)s;
UPDATE registry_personidentifier i SET superseded_at = %(at)s
WHERE i.recorded_at = %(applied)s AND i.superseded_at IS NULL
  AND i.person_id IN (SELECT person_id FROM registry_deliveredrow WHERE delivery_id = %(delivery)s)
  AND NOT EXISTS (
    SELECT FROM registry_deliveredrow o JOIN registry_delivery d ON d.id = o.delivery_id
    WHERE o.person_id = i.person_id AND o.number_id = i.number_id AND d.id <> %(delivery)s AND d.state = 'applied'
  );
INSERT INTO registry_personidentifier (person_id, number_id, state, recorded_at)
SELECT person_id, number_id, state, %(at)s FROM registry_personidentifier i
WHERE i.superseded_at = %(applied)s AND i.recorded_at < %(applied)s
  AND i.person_id IN (SELECT person_id FROM registry_deliveredrow WHERE delivery_id = %(delivery)s);
UPDATE registry_personname n SET superseded_at = %(at)s
WHERE n.recorded_at = %(applied)s AND n.superseded_at IS NULL
  AND n.person_id IN (SELECT person_id FROM registry_deliveredrow WHERE delivery_id = %(delivery)s)
  AND NOT EXISTS (
    SELECT FROM registry_deliveredrow o JOIN registry_delivery d ON d.id = o.delivery_id
    WHERE o.person_id = n.person_id AND o.name = n.name AND d.id <> %(delivery)s AND d.state = 'applied'
  );
