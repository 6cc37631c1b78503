-- Inputs:  enrollment_application; county
-- Output:  a row an application: 7, 17, 'register', 'granted', 'village', 1, '2019-01-02 08:30:00+08', '2019-01-02',
--          '320682-20190102-0001', '2019-01-30', '2019-01-28', '', '2019-01-28', ''
-- Rule:    days are empty until they are set; reasons of a refusal stand with semicolons between them.
SELECT a.id AS application_id, a.person_id, a.kind, a.state, a.channel, a.version, a.opened_at, a.accepted_on, a.receipt_no, a.due_on,
    a.decided_on, coalesce((SELECT string_agg(reason, ';' ORDER BY place) FROM jsonb_array_elements_text(a.refusal_reasons)
        WITH ORDINALITY AS each(reason, place)), '') AS refusal_reasons, a.effective_from, a.entry_number
FROM enrollment_application a
WHERE a.county_id = %(county)s
ORDER BY a.id
