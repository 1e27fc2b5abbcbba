-- Referring domains known of each site, and those that look like spam, whatever the provider, and still stand.
SELECT
  site_domain,
  count(DISTINCT source_domain) AS domain_count,
  count(DISTINCT source_domain) FILTER (WHERE origin = 'spam' AND lost_on IS NULL) AS spam_domain_count
FROM signals.domain_origins
WHERE list_contains($sites, site_domain)
GROUP BY site_domain
ORDER BY site_domain
