-- Inputs:  registry_personmerge; known: the moment asked
-- Output:  one row a person absorbed by a merge, with the person kept at the end of the chain, as known at the moment:
--          person_id 12, canonical_id 7
-- Rule:    merges in force at the moment are followed to the end. Where they go in a circle, which the services refuse, whoever is
--          in it remains a person of their own: UNION, not UNION ALL, lets the recursion end.
CREATE OR REPLACE FUNCTION person_alias_at(known timestamptz) RETURNS TABLE (person_id bigint, canonical_id bigint)
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE merge AS (
        SELECT absorbed_id, kept_id FROM registry_personmerge
        WHERE decided_at <= known AND (undone_at IS NULL OR undone_at > known)
    ), chain (person_id, canonical_id) AS (
        SELECT absorbed_id, kept_id FROM merge
        UNION
        SELECT c.person_id, m.kept_id FROM chain c JOIN merge m ON m.absorbed_id = c.canonical_id
    )
    SELECT c.person_id, c.canonical_id FROM chain c
    WHERE NOT EXISTS (SELECT 1 FROM merge m WHERE m.absorbed_id = c.canonical_id)
$$;
