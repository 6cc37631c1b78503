-- Inputs:  NEW, the batch; payments_contributionline
-- Output:  NEW, or an error
-- Rule:    a batch is frozen with the number and the sum of its own lines.
-- Source:  docs/rules.md R54
IF NOT EXISTS (
    SELECT FROM payments_contributionline WHERE batch_id = NEW.id
    HAVING count(*) = NEW.line_count AND coalesce(sum(amount_fen), 0) = NEW.total_fen
) THEN
    RAISE EXCEPTION 'batch %: its totals are not those of its lines', NEW.id USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
