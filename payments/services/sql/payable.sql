-- Inputs:  payments_contributionplanline, payments_contributionline, payments_batch, person_alias_at(); county, year, known
-- Output:  one row a person: whose line of the plan no batch has booked: 15, 4711, 'tekun', 10000, 0, 0, 0, 10000, 9, 1
-- Rule:    a contribution stands unless its batch was returned, or a credited batch took it back. A person merged into another counts as
--          the one kept, also where the other was paid for. The attempt follows the highest that there is.
-- Source:  docs/rules.md R54
WITH booked AS (
    SELECT coalesce(a.canonical_id, l.person_id) AS person_id, max(l.attempt) FILTER (WHERE a.person_id IS NULL OR a.person_id = a.canonical_id) AS attempt,
        bool_or(b.state NOT IN ('returned', 'cancelled') AND NOT EXISTS (
            SELECT FROM payments_contributionline c JOIN payments_batch cb ON cb.id = c.batch_id
            WHERE c.contra_of_id = l.id AND cb.state IN ('credited', 'closed'))) AS stands
    FROM payments_contributionline l JOIN payments_batch b ON b.id = l.batch_id
    LEFT JOIN person_alias_at(%(known)s) a ON a.person_id = l.person_id
    WHERE l.county_id = %(county)s AND l.year = %(year)s AND l.payer = 'government' AND l.contra_of_id IS NULL
    GROUP BY 1
)
SELECT p.person_id, p.unit_id, p.category, p.amount_fen, p.central_fen, p.province_fen, p.prefecture_fen, p.county_fen, p.id AS plan_line_id,
    coalesce(k.attempt, 0) + 1 AS attempt
FROM payments_contributionplanline p LEFT JOIN booked k USING (person_id)
WHERE p.county_id = %(county)s AND p.year = %(year)s AND p.superseded_at IS NULL AND p.outcome = 'paid_for' AND k.stands IS NOT TRUE
