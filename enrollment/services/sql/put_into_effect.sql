-- Inputs:  enrollment_onestopline, enrollment_onestopbatch, enrollment_enrollment, registry_person; county, batch, at, today, keeper (agency or portal),
--          first (the first id reserved for applications), start (of the receipt numbers)
-- Output:  rows of enrollment_application, _applicationversion, _applicationstep and, where this portal keeps the books, _enrollment;
--          the lines name their application
-- Grain:   an eligible line of the batch that was not left out
-- Rule:    one act for all: granted by who approved the batch, on its content; effective at once where this portal keeps the books.
-- Source:  docs/rules.md R47, R51
WITH taken AS (
    SELECT l.id AS line_id, l.person_id, l.kind, %(first)s + row_number() OVER (ORDER BY l.person_id) - 1 AS id,
        %(start)s || lpad((row_number() OVER (ORDER BY l.person_id))::text, 6, '0') AS receipt_no
    FROM enrollment_onestopline l WHERE l.batch_id = %(batch)s AND l.outcome = 'eligible' AND l.left_out = '[]'
      AND NOT EXISTS ( -- enrolled meanwhile, or from a later day on
        SELECT FROM enrollment_enrollment e WHERE e.person_id = l.person_id AND e.scheme = 'resident' AND e.superseded_at IS NULL
          AND (e.valid_to IS NULL OR e.valid_to > %(today)s)
    )
), application AS (
    INSERT INTO enrollment_application (id, county_id, unit_id, person_id, kind, state, version, content_hash, channel, batch_id, opened_at,
        accepted_on, receipt_no, decided_on, refusal_reasons, effective_from, entry_number, ended_at)
    SELECT t.id, b.county_id, p.unit_id, t.person_id, t.kind, CASE %(keeper)s WHEN 'portal' THEN 'effective' ELSE 'granted' END, 1, b.content_hash,
        'batch', b.id, b.made_at, b.day, t.receipt_no, %(today)s, '[]', CASE %(keeper)s WHEN 'portal' THEN %(today)s::date END, '',
        CASE %(keeper)s WHEN 'portal' THEN %(at)s::timestamptz END
    FROM taken t JOIN registry_person p ON p.id = t.person_id JOIN enrollment_onestopbatch b ON b.id = %(batch)s
    ON CONFLICT DO NOTHING -- another application of the kind was begun at this moment: the line is left out
    RETURNING id, person_id, kind, effective_from
), version AS (
    INSERT INTO enrollment_applicationversion (application_id, number, details, agent_name, agent_relation, note, content_hash, made_by_id, made_at)
    SELECT a.id, 1, '{}', '', '', '', b.content_hash, b.made_by_id, b.made_at
    FROM application a JOIN enrollment_onestopbatch b ON b.id = %(batch)s
), step AS (
    INSERT INTO enrollment_applicationstep
        (application_id, verb, version, state_before, state_after, note, detail, taken_by_id, taken_role, taken_unit_id, taken_at)
    SELECT a.id, 'grant', 1, 'approval', 'granted', '', jsonb_build_object('batch', b.id), b.approved_by_id, 'county_approver', b.unit_id,
        b.approved_at
    FROM application a JOIN enrollment_onestopbatch b ON b.id = %(batch)s
), enrolment AS (
    INSERT INTO enrollment_enrollment (county_id, person_id, scheme, application_id, draws, books, entry_number, valid_from, recorded_at)
    SELECT %(county)s, a.person_id, 'resident', a.id, a.kind = 'direct_inclusion', 'portal', '', a.effective_from, %(at)s
    FROM application a WHERE a.effective_from IS NOT NULL
)
UPDATE enrollment_onestopline l SET application_id = a.id FROM taken t JOIN application a ON a.id = t.id WHERE t.line_id = l.id
