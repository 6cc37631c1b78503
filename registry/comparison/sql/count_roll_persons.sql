-- Inputs:  snapshots of rolls: parameters before and after (their paths); DuckDB
-- Output:  before, after, gone, new, as in count_listed_persons
-- Grain:   one row
-- Rule:    a line is its person: known by a right number, else by phonetic key and birth, else by the roll number. A roll that
--          counts its lines anew each month has the same persons, and the same roll numbers may hide other persons.
WITH person_before AS (
    SELECT DISTINCT coalesce(key, (hash(phonetic_key, birth, CASE WHEN birth IS NULL THEN roll_no END) >> 1)::BIGINT) AS person
    FROM read_parquet($before)
), person_after AS (
    SELECT DISTINCT coalesce(key, (hash(phonetic_key, birth, CASE WHEN birth IS NULL THEN roll_no END) >> 1)::BIGINT) AS person
    FROM read_parquet($after)
), counted AS (
    SELECT (SELECT count(*) FROM person_before) AS before, (SELECT count(*) FROM person_after) AS after,
        (SELECT count(*) FROM person_before JOIN person_after USING (person)) AS same
)
SELECT before, after, before - same AS gone, after - same AS new FROM counted
