-- The strongest link of each referring domain among the asked origins.
WITH ranked AS (
  SELECT
    origins.provider, origins.source_domain, links.source_url, links.target_url, links.anchor_text, origins.origin,
    origins.probability, origins.evidence, links.source_authority, links.first_seen_on, links.lost_on,
    links.is_nofollow, links.is_sponsored,
    count(*) OVER (PARTITION BY origins.provider, origins.source_domain, origins.origin) AS domain_link_count,
    row_number() OVER (
      PARTITION BY origins.provider, origins.source_domain
      ORDER BY origins.probability DESC, links.source_authority DESC NULLS LAST, links.source_url, links.target_url
    ) AS place
  FROM signals.link_origins AS origins
  JOIN staging.links AS links ON links.link_id = origins.link_id
  WHERE origins.site_domain = $site_domain AND links.site_domain = $site_domain
    AND list_contains($origins, origins.origin)
)
SELECT * EXCLUDE (place)
FROM ranked
WHERE place = 1
ORDER BY lost_on IS NOT NULL, probability DESC, source_authority DESC NULLS LAST, source_url, provider
LIMIT $most
