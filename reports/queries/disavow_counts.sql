-- Links and referring domains known of the site, and what of them looks like spam and still stands.
SELECT
  count(*) AS link_count,
  count(DISTINCT source_domain) AS domain_count,
  count(DISTINCT source_domain) FILTER (WHERE origin = 'spam' AND lost_on IS NULL) AS spam_domain_count
FROM signals.link_origins
WHERE site_domain = $site_domain
