-- Kinds:   DATA_STALE
-- Inputs:  feed(feed, as_of, state)
-- Grain:   one row a feed of the county
-- Rule:    the newest list is older than the region's limit, or was withdrawn and nothing as new came since. A feed never
--          received is not stale: the board shows it.
-- Reason:  the day the newest list describes, or that it was withdrawn.
SELECT feed, 'DATA_STALE' AS kind, CASE state WHEN 'stale' THEN strftime(as_of, '%Y-%m-%d') ELSE 'feed_withdrawn' END AS reason
FROM feed
WHERE state <> 'fresh'
