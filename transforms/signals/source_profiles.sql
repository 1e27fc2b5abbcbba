-- signals.source_profiles: what the links of one referring domain to a site have in common; only of domains with several
-- links. A farm has many host names and few page addresses between them, unlike a hosting platform, where every
-- subdomain is somebody's own site with its own pages.
WITH domains AS (
  SELECT
    site_domain,
    provider,
    source_domain,
    count(*) AS link_count,
    count(CASE WHEN NOT coalesce(is_sponsored, FALSE) THEN 1 END) AS undisclosed_count,
    count(DISTINCT source_host) AS host_count,
    count(DISTINCT target_url) AS target_count,
    CASE
      WHEN count(source_authority) > 0
        THEN 2 * sum(CASE WHEN source_authority <= $weak_authority THEN 1 ELSE 0 END) >= count(source_authority)
      ELSE max(page_authority) <= $weak_authority
    END AS is_weak
  FROM staging.links
  WHERE NOT coalesce(is_sponsored, FALSE)  -- what is disclosed as paid accuses nothing else
  GROUP BY site_domain, provider, source_domain
  HAVING count(*) >= $farm_host_count
),

farms AS (
  SELECT texts.site_domain, texts.provider, texts.source_domain, count(DISTINCT texts.path) AS path_count
  FROM signals.link_texts AS texts
  INNER JOIN domains
    ON texts.site_domain = domains.site_domain
    AND texts.provider = domains.provider
    AND texts.source_domain = domains.source_domain
  WHERE domains.host_count >= $farm_host_count AND domains.is_weak
  GROUP BY texts.site_domain, texts.provider, texts.source_domain
)

SELECT
  domains.site_domain,
  domains.provider,
  domains.source_domain,
  CAST(domains.link_count AS BIGINT) AS link_count,
  CAST(domains.host_count AS BIGINT) AS host_count,
  coalesce(2 * farms.path_count <= domains.host_count, FALSE) AS is_farm,
  (
    domains.undisclosed_count >= $sitewide_page_count
    AND domains.undisclosed_count >= $sitewide_pages_per_target * domains.target_count
  ) AS is_repeated_sitewide
FROM domains
LEFT JOIN farms
  ON domains.site_domain = farms.site_domain
  AND domains.provider = farms.provider
  AND domains.source_domain = farms.source_domain
