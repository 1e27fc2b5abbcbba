-- Referring domains known of the site, and those that look like spam, whatever the provider, and still stand.
SELECT
  count(DISTINCT source_domain) AS domain_count,
  count(DISTINCT source_domain) FILTER (WHERE origin = 'spam' AND lost_on IS NULL) AS spam_domain_count
FROM signals.domain_origins
WHERE site_domain = $site_domain
