-- Inputs:  NEW, the application that is to be decided; signatures_signature
-- Output:  NEW, or an error
-- Rule:    a decision needs the signature of whoever decides, and two reviews by different people, all on the very version decided.
-- Source:  docs/rules.md R39, R46
act_needed := CASE NEW.state WHEN 'refused' THEN 'refused' ELSE 'approved' END;
IF NOT EXISTS (
    SELECT FROM signatures_signature s
    WHERE s.object_type = 'application' AND s.object_id = NEW.id AND s.content_hash = NEW.content_hash AND s.act = act_needed
) THEN
    RAISE EXCEPTION 'application %: nobody signed this decision on the current version', NEW.id USING ERRCODE = 'check_violation';
END IF;
SELECT count(DISTINCT s.acted_by_id) INTO reviews FROM signatures_signature s
WHERE s.object_type = 'application' AND s.object_id = NEW.id AND s.content_hash = NEW.content_hash AND s.act = 'reviewed';
IF reviews < 2 THEN
    RAISE EXCEPTION 'application %: the current version is not reviewed and checked', NEW.id USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
