-- Domains that link with keywords to monitored sites of several owners, with the days of the first of these links.
WITH counted AS (
  SELECT source_domain, site_count, owner_count FROM signals.source_customers WHERE owner_count > 1
),
links AS (
  SELECT origins.source_domain, origins.site_domain, origins.origin, origins.probability, origins.first_seen_on
  FROM signals.domain_origins AS origins
  JOIN counted ON counted.source_domain = origins.source_domain
  WHERE list_contains($sites, origins.site_domain)
)
SELECT
  counted.source_domain,
  counted.site_count,
  counted.owner_count,
  list(DISTINCT links.site_domain ORDER BY links.site_domain) AS sites,
  max_by(links.origin, (links.probability, links.origin)) AS origin,
  min(links.first_seen_on) AS starts_on,
  max(links.first_seen_on) AS ends_on
FROM counted
JOIN links ON links.source_domain = counted.source_domain
GROUP BY counted.source_domain, counted.site_count, counted.owner_count
HAVING count(DISTINCT links.site_domain) > 1
ORDER BY counted.owner_count DESC, ends_on DESC NULLS LAST, counted.source_domain
