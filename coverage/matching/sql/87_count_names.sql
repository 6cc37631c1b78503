-- Inputs:  unequal_pair(scheme, action, phonetic_key), roll
-- Output:  name_count(scheme, called, share): the share of a scheme's lines that has the name of a possible match
-- Rule:    the rarer a name, the stronger the evidence; counted for clerical review only, over all parts of the roll.
CREATE OR REPLACE TEMP TABLE name_count AS
WITH reviewed AS (
    SELECT DISTINCT scheme, name_code(phonetic_key) AS called FROM unequal_pair WHERE action = 'review'
), total AS (
    SELECT scheme, count(*) AS lines FROM roll GROUP BY scheme
)
SELECT scheme, called, count(*) / any_value(total.lines) AS share
FROM (SELECT scheme, name_of(name_place) AS called FROM roll) SEMI JOIN reviewed USING (scheme, called)
JOIN total USING (scheme)
GROUP BY ALL
