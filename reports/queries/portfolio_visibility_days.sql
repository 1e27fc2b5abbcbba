-- Visibility of each whole site over the last $spark_days, of one provider: Search Console where there is any.
WITH days AS (
  SELECT site_domain, provider, day, visibility
  FROM signals.visibility
  WHERE segment = 'site' AND day <= $as_of AND day > CAST($as_of AS DATE) - CAST($spark_days AS INTEGER)
),
chosen AS (
  SELECT site_domain, min_by(provider, (provider <> 'search_console', provider)) AS provider
  FROM days
  GROUP BY site_domain
)
SELECT
  days.site_domain,
  list(CAST($as_of - days.day AS BIGINT) ORDER BY days.day) AS ages,
  list(days.visibility ORDER BY days.day) AS amounts
FROM days
JOIN chosen ON chosen.site_domain = days.site_domain AND chosen.provider = days.provider
GROUP BY days.site_domain
ORDER BY days.site_domain
