"""The function statements over people join, so that the rows of a merged person count for the person kept."""

from django.db import migrations

CREATE = """
CREATE FUNCTION person_alias_at(known timestamptz) RETURNS TABLE (person_id bigint, canonical_id bigint)
LANGUAGE sql STABLE AS $$
    -- absorbed person -> the person kept at the end of the chain, as merges were believed at the moment
    WITH RECURSIVE merge AS (
        SELECT absorbed_id, kept_id FROM registry_personmerge
        WHERE decided_at <= known AND (undone_at IS NULL OR undone_at > known)
    ), chain (person_id, canonical_id) AS (
        SELECT absorbed_id, kept_id FROM merge
        UNION ALL
        SELECT c.person_id, m.kept_id FROM chain c JOIN merge m ON m.absorbed_id = c.canonical_id
    )
    SELECT c.person_id, c.canonical_id FROM chain c
    WHERE NOT EXISTS (SELECT 1 FROM merge m WHERE m.absorbed_id = c.canonical_id)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_person_merges")]
    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION person_alias_at(timestamptz)")]
