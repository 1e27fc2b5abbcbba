-- How long referring domains stand, as counts: the age at which a domain came under observation (older losses are not
-- listed by the provider; -1 = from its first day), and the age at which it was lost or last known to stand.
WITH asked AS (SELECT unnest($asked, recursive := true))
SELECT
  domains.site_domain, domains.provider,
  CASE WHEN domains.origin IN ('natural', 'spam', 'unknown') THEN domains.origin ELSE 'arranged' END AS origin_group,
  greatest(coalesce(date_diff('day', domains.first_seen_on, series.loss_horizon_on), 0) - 1, -1) AS entry_days,
  greatest(date_diff('day', domains.first_seen_on, coalesce(domains.lost_on, series.ends_on)), 0) AS age_days,
  domains.lost_on IS NOT NULL AS is_lost,
  count(*) AS domain_count
FROM signals.domain_origins AS domains
JOIN asked ON asked.site_domain = domains.site_domain
JOIN signals.link_series AS series
  ON series.site_domain = domains.site_domain AND series.provider = domains.provider
WHERE domains.first_seen_on <= series.ends_on
GROUP BY ALL
ORDER BY ALL
