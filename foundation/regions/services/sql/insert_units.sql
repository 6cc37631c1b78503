-- Inputs:  staged_unit (code, name, level, parent_code, id taken from the sequence beforehand; only codes the tree lacks), regions_unit;
--          parameter valid_from
-- Output:  rows of regions_unit: 8123, 320682104000, 白蒲镇, 江苏省南通市如皋市白蒲镇, 4, 512, 320000000000/.../320682104000/, 1949-10-01
-- Grain:   one row a staged code
-- Rule:    path and full name are the parent's with the unit's own added, whether the parent is in the tree or in the same list; the full
--          name is the text departments write, without the placeholder names of the statistical bureau's list. The ids are taken in
--          the staging table, so that a child has its parent's id within this one statement.
WITH RECURSIVE staged AS (
    SELECT s.*,
           CASE WHEN name IN ('市辖区', '县', '省直辖县级行政区划', '自治区直辖县级行政区划') AND level <= 3
                THEN '' ELSE name END AS name_in_path
    FROM staged_unit s
),
top AS (
    SELECT staged.*
    FROM staged
    WHERE NOT EXISTS (SELECT FROM staged_unit above WHERE above.code = staged.parent_code)
),
grown AS (
    SELECT top.id, top.code, top.name, top.level, parent.id AS parent_id,
           coalesce(parent.path, '') || top.code || '/' COLLATE "C" AS path,
           coalesce(parent.full_name, '') || top.name_in_path AS full_name
    FROM top
    LEFT JOIN regions_unit parent ON parent.code = top.parent_code AND parent.valid_to IS NULL
    UNION ALL
    SELECT staged.id, staged.code, staged.name, staged.level, grown.id,
           grown.path || staged.code || '/',
           grown.full_name || staged.name_in_path
    FROM grown
    JOIN staged ON staged.parent_code = grown.code
)
INSERT INTO regions_unit (id, code, name, full_name, level, parent_id, path, valid_from)
SELECT id, code, name, full_name, level, parent_id, path, %(valid_from)s
FROM grown
ORDER BY path
