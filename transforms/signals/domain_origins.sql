-- signals.domain_origins: the origin of a referring domain is that of its most probable link among those first seen
-- on its first day (all its links where the provider gives no dates). Lost only when every link of it is lost.
WITH domains AS (
  SELECT
    site_domain,
    provider,
    source_domain,
    min(first_seen_on) AS first_seen_on,
    CASE WHEN count(lost_on) = count(*) THEN max(lost_on) END AS lost_on,
    count(*) AS link_count,
    max(source_authority) AS source_authority
  FROM staging.links
  GROUP BY site_domain, provider, source_domain
),

first_links AS (
  SELECT
    origins.site_domain,
    origins.provider,
    origins.source_domain,
    origins.origin,
    origins.probability,
    domains.first_seen_on,
    domains.lost_on,
    domains.link_count,
    domains.source_authority,
    row_number() OVER (
      PARTITION BY origins.site_domain, origins.provider, origins.source_domain
      ORDER BY origins.probability DESC, origins.link_id
    ) AS probability_order
  FROM signals.link_origins AS origins
  INNER JOIN staging.links AS links ON origins.link_id = links.link_id
  INNER JOIN domains
    ON origins.site_domain = domains.site_domain
    AND origins.provider = domains.provider
    AND origins.source_domain = domains.source_domain
  WHERE domains.first_seen_on IS NULL OR links.first_seen_on = domains.first_seen_on
)

SELECT
  site_domain,
  provider,
  source_domain,
  origin,
  probability,
  first_seen_on,
  lost_on,
  CAST(link_count AS BIGINT) AS link_count,
  source_authority
FROM first_links
WHERE probability_order = 1
