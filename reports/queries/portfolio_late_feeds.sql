-- Feeds that are late, by site; those that never came are not late.
SELECT site_domain, provider, newest_on, age_days, allowed_days
FROM ingest.feeds
WHERE is_stale
ORDER BY age_days - allowed_days DESC, site_domain, provider
