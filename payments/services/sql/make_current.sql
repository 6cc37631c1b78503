-- Inputs:  new_plan (plan.sql), payments_contributionplanline; county, year, at
-- Output:  one row: added, removed, changed, paid for, excluded, fen; the lines that differ superseded, the new ones inserted
-- Rule:    a line whose content is the same stays; evidence that names other rows alone is no difference.
-- Source:  docs/rules.md R53
CREATE TEMP TABLE plan_difference ON COMMIT DROP AS
SELECT o.id AS old_id, n.person_id AS new_id, o.outcome AS old_outcome, n.outcome AS new_outcome
FROM (SELECT * FROM payments_contributionplanline WHERE county_id = %(county)s AND year = %(year)s AND superseded_at IS NULL) o
FULL JOIN new_plan n USING (person_id)
WHERE (o.unit_id, o.outcome, o.category, o.reason, o.amount_fen, o.central_fen, o.province_fen, o.prefecture_fen, o.county_fen)
    IS DISTINCT FROM (n.unit_id, n.outcome, n.category, n.reason, n.amount_fen, n.central_fen, n.province_fen, n.prefecture_fen, n.county_fen);
UPDATE payments_contributionplanline l SET superseded_at = %(at)s FROM plan_difference d WHERE l.id = d.old_id;
INSERT INTO payments_contributionplanline (county_id, year, person_id, unit_id, outcome, category, reason, amount_fen, central_fen, province_fen,
    prefecture_fen, county_fen, verdict_id, designations, recorded_at)
SELECT %(county)s, %(year)s, n.person_id, n.unit_id, n.outcome, n.category, n.reason, n.amount_fen, n.central_fen, n.province_fen, n.prefecture_fen,
    n.county_fen, n.verdict_id, n.designations, %(at)s
FROM new_plan n JOIN plan_difference d ON d.new_id = n.person_id;
SELECT count(*) FILTER (WHERE new_outcome = 'paid_for' AND old_outcome IS DISTINCT FROM 'paid_for'),
    count(*) FILTER (WHERE old_outcome = 'paid_for' AND new_outcome IS DISTINCT FROM 'paid_for'),
    count(*) FILTER (WHERE old_outcome = 'paid_for' AND new_outcome = 'paid_for'),
    (SELECT count(*) FROM new_plan WHERE outcome = 'paid_for'), (SELECT count(*) FROM new_plan WHERE outcome = 'excluded'),
    (SELECT coalesce(sum(amount_fen), 0) FROM new_plan)
FROM plan_difference
