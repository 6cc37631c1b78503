-- Inputs:  subject(person_id, birth_date, started_on, is_disabled): who draws here; evidence(person_id, seen_on, source); rule: one row
--          (tables.py RULE_COLUMNS)
-- Output:  person_id, window_first, window_last, seen_on, source, needs_visit, opens_on, pause_from, is_due, is_over:
--          15, '2019-06-01', '2020-05-31', '2018-11-02', 'phone', false, '2020-04-01', '2020-06-01', true, false
-- Grain:   a person who draws: the first window without evidence, which may not have begun
-- Rule:    birthday: from the birthday month to the month before the next birthday; calendar_year: from January to December; any evidence
--          within counts. The first window begins within a year after the first month drawn, which for want of another is the month after
--          the benefit age. rolling: so many days after the last evidence, for want of one after the first month or the county's first list.
--          Windows that ended before the county's first list are not looked at: nobody knows. Listed so many days ahead; visited at home
--          are the disabled, and who is of the region's age when the window ends. The benefit may be paused from the month after it.
-- Source:  docs/rules.md R52
WITH seen AS (
    SELECT e.person_id, max(e.seen_on) AS seen_on, arg_max(e.source, e.seen_on) AS source
    FROM evidence e CROSS JOIN rule r
    WHERE e.seen_on <= r.as_of
    GROUP BY e.person_id
), drawing AS (
    SELECT s.person_id, s.birth_date, s.is_disabled, e.seen_on, e.source, r.*,
        CASE r.window_kind WHEN 'calendar_year' THEN 1 ELSE month(s.birth_date) END AS window_month,
        coalesce(s.started_on, s.birth_date + to_years(r.benefit_age_years) + INTERVAL 1 MONTH)::DATE AS started_on
    FROM subject s CROSS JOIN rule r
    LEFT JOIN seen e ON e.person_id = s.person_id
    WHERE s.birth_date IS NOT NULL
), yearly AS (
    SELECT *,
        greatest(
            window_around(started_on, window_month) + INTERVAL 1 YEAR,
            window_around(seen_on, window_month) + INTERVAL 1 YEAR,
            window_around(since, window_month))::DATE AS year_first,
        greatest(coalesce(seen_on, greatest(date_trunc('month', started_on)::DATE, since)), since - cycle_days) AS counted_from
    FROM drawing
), windows AS (
    SELECT *,
        CASE window_kind WHEN 'rolling' THEN counted_from + 1 ELSE year_first END AS window_first,
        CASE window_kind WHEN 'rolling' THEN counted_from + cycle_days ELSE (year_first + INTERVAL 1 YEAR)::DATE - 1 END AS window_last
    FROM yearly
), visited AS (
    SELECT *, visit_days_ahead IS NOT NULL
        AND (is_disabled OR (birth_date + to_years(visit_from_age_years))::DATE <= window_last) AS needs_visit
    FROM windows
), listed AS (
    SELECT *, window_last - CASE WHEN needs_visit THEN visit_days_ahead ELSE days_ahead END AS opens_on FROM visited
)
SELECT person_id, window_first, window_last, seen_on, source, needs_visit, opens_on,
    (date_trunc('month', window_last) + INTERVAL 1 MONTH)::DATE AS pause_from,
    as_of >= greatest(opens_on, window_first) AS is_due, as_of > window_last AS is_over
FROM listed
ORDER BY person_id
