-- Inputs:  NEW, an application; enrollment_onestopbatch
-- Output:  NEW, or an error
-- Rule:    an application begins as a draft; granted at once are only those of an approved batch, whose trigger asks for the signatures.
-- Source:  docs/rules.md R46, R51
IF NEW.batch_id IS NULL OR NEW.state NOT IN ('granted', 'effective') OR NOT EXISTS (
    SELECT FROM enrollment_onestopbatch b
    WHERE b.id = NEW.batch_id AND b.state IN ('approved', 'effective') AND b.content_hash = NEW.content_hash
) THEN
    RAISE EXCEPTION 'an application begins as a draft' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
