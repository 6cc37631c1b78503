-- Inputs:  added, the inserted lines; payments_batch, payments_contributionline
-- Output:  an error, or nothing
-- Rule:    lines are written into drafts only, of the batch's county and year; attempt n+1 only after attempt n was taken back or its
--          batch returned; a line that takes back has the amounts of the other, negative, and stands in a batch that reverses its batch.
-- Source:  docs/rules.md R54
IF EXISTS (
    SELECT FROM (SELECT DISTINCT batch_id, county_id, year FROM added) a JOIN payments_batch b ON b.id = a.batch_id
    WHERE b.state <> 'draft' OR b.county_id <> a.county_id OR left(b.period, 4) <> a.year::text
) THEN
    RAISE EXCEPTION 'lines are written into drafts of their county and year only' USING ERRCODE = 'check_violation';
END IF;
IF EXISTS (
    SELECT FROM added a
    LEFT JOIN payments_contributionline before ON before.county_id = a.county_id AND before.person_id = a.person_id
        AND before.year = a.year AND before.payer = a.payer AND before.attempt = a.attempt - 1 AND before.contra_of_id IS NULL
    LEFT JOIN payments_batch was ON was.id = before.batch_id
    WHERE a.attempt > 1 AND a.contra_of_id IS NULL AND (before.id IS NULL
        OR was.state NOT IN ('returned', 'cancelled') AND NOT EXISTS (
            SELECT FROM payments_contributionline c JOIN payments_batch cb ON cb.id = c.batch_id
            WHERE c.contra_of_id = before.id AND cb.state IN ('credited', 'closed')))
) THEN
    RAISE EXCEPTION 'a contribution is paid again only when the one before was taken back' USING ERRCODE = 'check_violation';
END IF;
IF EXISTS (
    SELECT FROM added a JOIN payments_contributionline o ON o.id = a.contra_of_id JOIN payments_batch b ON b.id = a.batch_id
    WHERE b.reverses_id IS DISTINCT FROM o.batch_id OR (a.person_id, a.year, a.payer, a.attempt) IS DISTINCT FROM (o.person_id, o.year, o.payer, o.attempt)
        OR (a.amount_fen, a.central_fen, a.province_fen, a.prefecture_fen, a.county_fen)
            IS DISTINCT FROM (-o.amount_fen, -o.central_fen, -o.province_fen, -o.prefecture_fen, -o.county_fen)
) OR EXISTS (
    SELECT FROM added a JOIN payments_batch b ON b.id = a.batch_id WHERE (b.reverses_id IS NULL) <> (a.contra_of_id IS NULL)
) THEN
    RAISE EXCEPTION 'a line that takes back has the amounts of the other, negative, in a batch that reverses it' USING ERRCODE = 'check_violation';
END IF;
RETURN NULL;
