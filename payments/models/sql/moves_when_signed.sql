-- Inputs:  NEW, the batch; signatures_signature, payments_batchfunding, payments_contributionline
-- Output:  NEW, or an error
-- Rule:    reviewed, approved and funded only with that signature on the frozen content (the table of signatures sees to it that they
--          are different people, none of whom prepared it); funded only when each level has paid what its lines come to.
-- Source:  docs/rules.md R39, R54
IF EXISTS (
    SELECT FROM unnest(CASE NEW.state
        WHEN 'reviewed' THEN ARRAY['reviewed']
        WHEN 'approved' THEN ARRAY['reviewed', 'approved']
        WHEN 'requested' THEN ARRAY['reviewed', 'approved']
        ELSE ARRAY['reviewed', 'approved', 'funded'] END) AS needed (act)
    WHERE NOT EXISTS (
        SELECT FROM signatures_signature s
        WHERE s.object_type = 'payments_batch' AND s.object_id = NEW.id AND s.content_hash = NEW.content_hash AND s.act = needed.act
    )
) THEN
    RAISE EXCEPTION 'batch %: not signed for this state', NEW.id USING ERRCODE = 'check_violation';
END IF;
IF NEW.state IN ('funded', 'credited', 'closed') AND (
    SELECT ARRAY[coalesce(sum(central_fen), 0), coalesce(sum(province_fen), 0), coalesce(sum(prefecture_fen), 0), coalesce(sum(county_fen), 0)]
    FROM payments_contributionline WHERE batch_id = NEW.id
) IS DISTINCT FROM (
    SELECT ARRAY[
        coalesce(sum(amount_fen) FILTER (WHERE level = 'central'), 0)::bigint, coalesce(sum(amount_fen) FILTER (WHERE level = 'province'), 0)::bigint,
        coalesce(sum(amount_fen) FILTER (WHERE level = 'prefecture'), 0)::bigint, coalesce(sum(amount_fen) FILTER (WHERE level = 'county'), 0)::bigint]
    FROM payments_batchfunding WHERE batch_id = NEW.id
) THEN
    RAISE EXCEPTION 'batch %: the money of the levels is not that of its lines', NEW.id USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
