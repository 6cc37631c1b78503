-- Inputs:  NEW, the batch; signatures_signature
-- Output:  NEW, or an error
-- Rule:    a batch is reviewed, approved and put into effect only with the signatures of different people on its content.
-- Source:  docs/rules.md R39, R51
IF NOT EXISTS (
    SELECT FROM signatures_signature s
    WHERE s.object_type = 'one_stop_batch' AND s.object_id = NEW.id AND s.content_hash = NEW.content_hash AND s.act = 'reviewed'
) OR NEW.state <> 'reviewed' AND NOT EXISTS (
    SELECT FROM signatures_signature s
    WHERE s.object_type = 'one_stop_batch' AND s.object_id = NEW.id AND s.content_hash = NEW.content_hash AND s.act = 'approved'
) THEN
    RAISE EXCEPTION 'one-stop batch %: not signed for this state', NEW.id USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
