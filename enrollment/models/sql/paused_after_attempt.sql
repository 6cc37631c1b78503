-- Inputs:  NEW, the pause that is to be granted; enrollment_applicationversion, casework_contactattempt, casework_case, registry_fieldreport,
--          registry_personmerge
-- Output:  NEW, or an error
-- Rule:    for want of certification nobody is paused whom nobody tried to reach. Which attempts lie in the window, services/pausing.py tells.
-- Source:  docs/rules.md R52
IF (SELECT v.details->>'reason' FROM enrollment_applicationversion v WHERE v.application_id = NEW.id AND v.number = NEW.version) = 'not_certified'
THEN
    SELECT coalesce((SELECT m.kept_id FROM registry_personmerge m WHERE m.absorbed_id = NEW.person_id AND m.undone_at IS NULL), NEW.person_id)
    INTO kept;
    IF NOT EXISTS (
        SELECT FROM (
            SELECT kept AS id UNION ALL
            SELECT m.absorbed_id FROM registry_personmerge m WHERE m.kept_id = kept AND m.undone_at IS NULL
        ) member
        WHERE EXISTS (
            SELECT FROM casework_contactattempt a JOIN casework_case c ON c.id = a.case_id WHERE c.person_id = member.id
        ) OR EXISTS (SELECT FROM registry_fieldreport r WHERE r.person_id = member.id)
    ) THEN
        RAISE EXCEPTION 'application %: a pause without an attempt to reach the person', NEW.id USING ERRCODE = 'check_violation';
    END IF;
END IF;
RETURN NEW;
