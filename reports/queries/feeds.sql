-- Every feed, the late ones first, and the last day on which it was in time.
SELECT site_domain, provider, cadence, cadence_source, newest_on,
  newest_on + CAST(allowed_days AS INTEGER) AS late_after_on,
  is_stale,
  count(*) OVER () AS feed_count
FROM ingest.feeds
ORDER BY is_stale DESC, site_domain, provider
LIMIT $most_feeds
