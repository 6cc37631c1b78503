-- Inputs:  doubtful(scheme, action, phonetic_key), roll
-- Output:  name_count(scheme, called, share): which part of a scheme's lines bears a lead's name
-- Rule:    how rare a name is says how much it proves; only where a person decides. Counted over all parts of the roll.
CREATE OR REPLACE TEMP TABLE name_count AS
WITH lead AS (
    SELECT DISTINCT scheme, name_code(phonetic_key) AS called FROM doubtful WHERE action = 'review'
), total AS (
    SELECT scheme, count(*) AS lines FROM roll GROUP BY scheme
)
SELECT scheme, called, count(*) / any_value(total.lines) AS share
FROM (SELECT scheme, name_of(name_place) AS called FROM roll) SEMI JOIN lead USING (scheme, called)
JOIN total USING (scheme)
GROUP BY ALL
