-- Inputs:  NEW, the row of accounts_deputy to be written; accounts_membership; administrators: the list of their roles, put in by
--          models/deputy.py
-- Output:  NEW, or check_violation
-- Rule:    a deputy replaces the absent user in one of that user's own memberships, never an administrator, and is no administrator
--          on any of the days. Source: docs/security.md#who-may-do-what
IF NOT EXISTS (
    SELECT 1 FROM accounts_membership m
    WHERE m.id = NEW.membership_id AND m.user_id = NEW.absent_id AND m.role NOT IN ({administrators})
) THEN
    RAISE EXCEPTION 'deputy_fits_its_membership: only a case work role of the absent user can have a deputy'
        USING ERRCODE = 'check_violation';
END IF;
IF EXISTS (
    SELECT 1 FROM accounts_membership m
    WHERE m.user_id = NEW.deputy_id AND m.role IN ({administrators})
        AND daterange(m.valid_from, m.valid_to) && daterange(NEW.valid_from, NEW.valid_to)
) THEN
    RAISE EXCEPTION 'deputy_is_no_administrator: administrators are no deputies'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
