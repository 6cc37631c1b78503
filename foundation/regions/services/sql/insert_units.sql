-- Insert the staged units into the tree.
-- Inputs: staged_unit (code, name, level, parent_code, id drawn beforehand; only codes the tree lacks), regions_unit.
-- Output: rows of regions_unit. Grain: one staged code.
-- Rule: path and full name grow from the parent's, whether it stands in the tree or in the same list; the full name
-- is the text departments write, which skips the placeholders of the statistical bureau's chain.
-- The ids are drawn in the staging table, so that a child knows its parent's id within this one statement.
WITH RECURSIVE said AS (
    SELECT s.*,
           CASE WHEN name IN ('市辖区', '县', '省直辖县级行政区划', '自治区直辖县级行政区划') AND level <= 3
                THEN '' ELSE name END AS said_name
    FROM staged_unit s
),
top AS (
    SELECT said.*
    FROM said
    WHERE NOT EXISTS (SELECT FROM staged_unit above WHERE above.code = said.parent_code)
),
grown AS (
    SELECT top.id, top.code, top.name, top.level, parent.id AS parent_id,
           coalesce(parent.path, '') || top.code || '/' COLLATE "C" AS path,
           coalesce(parent.full_name, '') || top.said_name AS full_name
    FROM top
    LEFT JOIN regions_unit parent ON parent.code = top.parent_code AND parent.valid_to IS NULL
    UNION ALL
    SELECT said.id, said.code, said.name, said.level, grown.id,
           grown.path || said.code || '/',
           grown.full_name || said.said_name
    FROM grown
    JOIN said ON said.parent_code = grown.code
)
INSERT INTO regions_unit (id, code, name, full_name, level, parent_id, path, valid_from)
SELECT id, code, name, full_name, level, parent_id, path, %(valid_from)s
FROM grown
ORDER BY path
