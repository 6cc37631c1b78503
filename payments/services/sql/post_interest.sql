-- Inputs:  payments_accountentry; county, year, rate (share a year), unit (fen an amount is rounded to), up (round up, else half up),
--          posting (id), at
-- Output:  rows of payments_accountentry: one a person whose interest is not 0, posted on the year's last day; count and sum returned
-- Rule:    the balance at the beginning of the year earns the whole year's rate, what is posted in month m earns 12 - m twelfths of it;
--          one rounding a person and year. 13000 posted in November 2018 at 0.015: 16.25 -> 16 fen.
-- Source:  docs/rules.md R55
WITH earned AS (
    SELECT person_id, %(rate)s::numeric * sum(amount_fen * CASE WHEN posted_on < make_date(%(year)s, 1, 1) THEN 12
        ELSE 12 - extract(month FROM posted_on)::int END) / 12 AS exact
    FROM payments_accountentry
    WHERE county_id = %(county)s AND posted_on <= make_date(%(year)s, 12, 31)
    GROUP BY person_id
), posted AS (
    INSERT INTO payments_accountentry (county_id, person_id, kind, credit, level, amount_fen, year, posted_on, source_type, source_id, recorded_at)
    SELECT %(county)s, person_id, 'interest', 'interest', '', fen, %(year)s, make_date(%(year)s, 12, 31), 'interest_posting', %(posting)s, %(at)s
    FROM (SELECT person_id, (CASE WHEN %(up)s THEN ceil(exact / %(unit)s) ELSE round(exact / %(unit)s) END * %(unit)s)::bigint AS fen FROM earned) e
    WHERE fen <> 0
    ORDER BY person_id
    RETURNING amount_fen
)
SELECT count(*), coalesce(sum(amount_fen), 0)::bigint FROM posted
