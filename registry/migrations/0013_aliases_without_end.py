"""`person_alias_at` ends even where merges go in a circle: whoever is in it stays their own.

The services refuse such a merge; a hand in the database must not be able to hang every page.
"""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION person_alias_at(known timestamptz) RETURNS TABLE (person_id bigint, canonical_id bigint)
LANGUAGE sql STABLE AS $$
    -- absorbed person -> the person kept at the end of the chain, as merges were believed at the moment
    WITH RECURSIVE merge AS (
        SELECT absorbed_id, kept_id FROM registry_personmerge
        WHERE decided_at <= known AND (undone_at IS NULL OR undone_at > known)
    ), chain (person_id, canonical_id) AS (
        SELECT absorbed_id, kept_id FROM merge
        {union}
        SELECT c.person_id, m.kept_id FROM chain c JOIN merge m ON m.absorbed_id = c.canonical_id
    )
    SELECT c.person_id, c.canonical_id FROM chain c
    WHERE NOT EXISTS (SELECT 1 FROM merge m WHERE m.absorbed_id = c.canonical_id)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0012_notes_and_attachments")]
    operations = [migrations.RunSQL(FUNCTION.format(union="UNION"), FUNCTION.format(union="UNION ALL"))]
